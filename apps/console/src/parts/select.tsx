import { use, useId, type SelectHTMLAttributes } from 'react'
import { FieldErrors } from './form.tsx'

interface SelectProps extends SelectHTMLAttributes<HTMLSelectElement> {
  name: string
  label: string
  hint?: string
  options: readonly { value: string; label: string }[]
}

/** A labeled list of options with its error message. */
export function Select({ name, label, hint, options, ...select }: SelectProps) {
  const id = useId()
  const problem = use(FieldErrors)[name]
  const notes = [hint && `${id}-hint`, problem && `${id}-problem`].filter(Boolean).join(' ')
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select
        {...select}
        id={id}
        name={name}
        aria-invalid={problem !== undefined}
        aria-describedby={notes || undefined}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      {hint && (
        <p id={`${id}-hint`} className="field-hint">
          {hint}
        </p>
      )}
      {problem && (
        <p id={`${id}-problem`} className="field-problem" role="alert">
          {problem}
        </p>
      )}
    </div>
  )
}
