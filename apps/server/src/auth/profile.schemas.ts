import { z } from 'zod'

export const ProfileView = z
  .object({
    firstName: z.string().nullable(),
    lastName: z.string().nullable(),
    avatarUrl: z.string().nullable(),
    hasPassword: z.boolean().describe('Whether the user can log in with a password.'),
    updatedAt: z.date(),
  })
  .meta({ id: 'Profile', description: 'What a user says about themselves.' })
export type ProfileView = z.infer<typeof ProfileView>

/** Printable text: PostgreSQL can't store a NUL, and a name has no line breaks. */
const name = z
  .string()
  .trim()
  .max(100, 'must be at most 100 characters long')
  .regex(/^\P{Cc}*$/u, 'contains characters that cannot be shown')
  .refine((text) => text.isWellFormed(), 'contains characters that cannot be shown')
  .transform((text) => (text === '' ? null : text))
  .nullable()
  .optional()

const avatarUrl = z
  .url({ protocol: /^https$/, error: 'must be an https URL' })
  .max(2000, 'must be at most 2000 characters long')
  .regex(/^[^\s\p{Cc}\p{Cs}]*$/u, 'must be an https URL')
  .nullable()
  .optional()

export const UpdateProfileInput = z.object({ firstName: name, lastName: name, avatarUrl })
export type UpdateProfileInput = z.infer<typeof UpdateProfileInput>
