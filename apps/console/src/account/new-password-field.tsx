import { Field } from '../parts/field.tsx'

/** A field to choose a new password. */
export function NewPasswordField({ name, label = 'New password' }: { name: string; label?: string }) {
  return (
    <Field
      name={name}
      label={label}
      hint="At least 8 characters"
      type="password"
      autoComplete="new-password"
      required
    />
  )
}
