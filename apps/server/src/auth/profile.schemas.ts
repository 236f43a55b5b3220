import { z } from 'zod'
import { UserPublicChange } from '../platform/own-data.schemas.ts'
import { isSmallPicture, MAX_PICTURE_URL_LENGTH } from '../platform/small-picture.ts'
import { isTimeZone } from '../platform/time-zone.ts'

export const ProfileView = z
  .object({
    firstName: z.string().nullable(),
    lastName: z.string().nullable(),
    avatarUrl: z.string().nullable().describe('An https URL, or a `data:` URL of a small picture.'),
    timeZone: z.string().nullable().describe('In which mails to the user show times: an IANA name. Null: UTC.'),
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

const webUrl = z
  .url({ protocol: /^https$/, error: 'must be an https URL' })
  .max(2000, 'must be at most 2000 characters long')
  .regex(/^[^\s\p{Cc}\p{Cs}]*$/u, 'must be an https URL')

const avatarUrl = z
  .string()
  .max(MAX_PICTURE_URL_LENGTH, 'is too large')
  .superRefine((text, { addIssue }) => {
    if (/^data:/i.test(text)) {
      if (!isSmallPicture(text)) addIssue('must be a JPEG or PNG of at most 512 × 512 pixels')
      return
    }
    const { error } = webUrl.safeParse(text)
    for (const { message } of error?.issues.slice(0, 1) ?? []) addIssue(message)
  })
  .describe('An https URL, or a small picture itself: a `data:` URL of a JPEG or PNG.')
  .nullable()
  .optional()

const timeZone = z
  .string()
  .refine(isTimeZone, 'must be a time zone such as Europe/Berlin')
  .describe('The IANA name of a time zone.')
  .nullable()
  .optional()

export const UpdateProfileInput = z.object({
  ...{ firstName: name, lastName: name, avatarUrl, timeZone },
  publicData: UserPublicChange.optional(),
})
export type UpdateProfileInput = z.infer<typeof UpdateProfileInput>
