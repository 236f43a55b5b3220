import { z } from 'zod'

const line = (max: number) =>
  z
    .string()
    .trim()
    .max(max, `must be at most ${max} characters long`)
    .regex(/^\P{Cc}*$/u, 'must not contain control characters')
    .refine((text) => text.isWellFormed(), 'contains characters that cannot be shown')

/** An empty text is none. */
const optionalLine = (max: number) =>
  line(max)
    .nullable()
    .default(null)
    .transform((text) => text || null)

const AddressInput = z.object({
  line1: optionalLine(200),
  line2: optionalLine(200),
  city: optionalLine(100),
  postalCode: optionalLine(20),
  state: optionalLine(100),
  country: z.string().regex(/^[A-Z]{2}$/, 'must be a country’s two capital letters, such as DE'),
})

const TaxIdInput = z.object({
  type: z.string().regex(/^[a-z]{2}_[a-z_]{2,30}$/, 'must be a type such as eu_vat'),
  value: line(50).min(1, 'is missing'),
})

export const UpdateDetailsInput = z.object({
  name: line(150).min(1, 'is missing').optional().describe('The name or company that invoices are made out to.'),
  address: AddressInput.nullable().optional().describe('Null removes it.'),
  taxIds: z
    .array(TaxIdInput)
    .max(5, 'must have at most 5 numbers')
    .optional()
    .describe('They take the place of all that are there. The same one twice counts once.'),
})
export type UpdateDetailsInput = z.infer<typeof UpdateDetailsInput>

export const BillingDetailsView = z
  .object({
    name: z.string().nullable(),
    address: z
      .object({
        line1: z.string().nullable(),
        line2: z.string().nullable(),
        city: z.string().nullable(),
        postalCode: z.string().nullable(),
        state: z.string().nullable(),
        country: z.string().describe('Its two letters, such as `DE`.'),
      })
      .nullable(),
    taxIds: z.array(
      z.object({
        type: z.string().describe('`eu_vat`, `gb_vat`, `us_ein`, …'),
        value: z.string(),
        status: z
          .enum(['pending', 'verified', 'unverified', 'unavailable'])
          .nullable()
          .describe('What the registry says about it; null if none verifies this type.'),
      }),
    ),
  })
  .meta({ id: 'BillingDetails', description: 'Who invoices are made out to, and what taxes depend on.' })
export type BillingDetailsView = z.infer<typeof BillingDetailsView>
