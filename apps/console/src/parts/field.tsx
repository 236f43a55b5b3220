import { use, useId, type InputHTMLAttributes } from 'react'
import { FieldNotes, notesOf } from './field-notes.tsx'
import { FieldErrors } from './form.tsx'

interface FieldProps extends InputHTMLAttributes<HTMLInputElement> {
  name: string
  label: string
  hint?: string | undefined
}

/** A labeled input with its error message. */
export function Field({ name, label, hint, children, ...input }: FieldProps) {
  const id = useId()
  const problem = use(FieldErrors)[name]
  const box = (
    <input
      {...input}
      id={id}
      name={name}
      aria-invalid={problem !== undefined}
      aria-describedby={notesOf({ id, hint, problem })}
    />
  )
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children ? (
        <span className="field-box">
          {box}
          {children}
        </span>
      ) : (
        box
      )}
      <FieldNotes id={id} label={label} hint={hint} problem={problem} />
    </div>
  )
}
