import { useState } from 'react'
import { t } from '../texts/catalogue.ts'
import { Field } from './field.tsx'

interface PasswordFieldProps {
  name: string
  label: string
  hint?: string
  autoComplete: 'current-password' | 'new-password'
  minLength?: number
}

/** A password, with a button that shows what was typed. */
export function PasswordField({ name, label, hint, autoComplete, minLength }: PasswordFieldProps) {
  const [isShown, setShown] = useState(false)
  return (
    <Field
      name={name}
      label={label}
      hint={hint}
      type={isShown ? 'text' : 'password'}
      autoComplete={autoComplete}
      minLength={minLength}
      autoCapitalize="none"
      autoCorrect="off"
      spellCheck={false}
      required
    >
      <button type="button" className="field-show" aria-pressed={isShown} onClick={() => setShown(!isShown)}>
        {isShown ? t.auth.hide : t.auth.show}
        <span className="visually-hidden">{t.auth.shownPart}</span>
      </button>
    </Field>
  )
}
