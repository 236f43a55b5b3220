import { use, useId, type TextareaHTMLAttributes } from 'react'
import { FieldNotes, notesOf } from './field-notes.tsx'
import { FieldErrors } from './form.tsx'

interface TextAreaProps extends TextareaHTMLAttributes<HTMLTextAreaElement> {
  name: string
  label: string
  hint?: string
}

/** A labeled field of several lines with its error message. */
export function TextArea({ name, label, hint, ...area }: TextAreaProps) {
  const id = useId()
  const problem = use(FieldErrors)[name]
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <textarea
        {...area}
        id={id}
        name={name}
        aria-invalid={problem !== undefined}
        aria-describedby={notesOf({ id, hint, problem })}
      />
      <FieldNotes id={id} label={label} hint={hint} problem={problem} />
    </div>
  )
}
