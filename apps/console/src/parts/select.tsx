import { use, useId, type SelectHTMLAttributes } from 'react'
import { FieldNotes, notesOf } from './field-notes.tsx'
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
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select
        {...select}
        id={id}
        name={name}
        aria-invalid={problem !== undefined}
        aria-describedby={notesOf({ id, hint, problem })}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      <FieldNotes id={id} label={label} hint={hint} problem={problem} />
    </div>
  )
}
