import { PasswordField } from '../parts/password-field.tsx'
import { t } from '../texts/catalogue.ts'

/** A field to choose a new password. */
export function NewPasswordField({ name, label = t.auth.newPassword }: { name: string; label?: string }) {
  return (
    <PasswordField name={name} label={label} hint={t.auth.passwordHint} autoComplete="new-password" minLength={8} />
  )
}
