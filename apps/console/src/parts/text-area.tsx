import { use, useId, type TextareaHTMLAttributes } from 'react'
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
  const notes = [hint && `${id}-hint`, problem && `${id}-problem`].filter(Boolean).join(' ')
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <textarea
        {...area}
        id={id}
        name={name}
        aria-invalid={problem !== undefined}
        aria-describedby={notes || undefined}
      />
      {hint && (
        <p id={`${id}-hint`} className="field-hint">
          {hint}
        </p>
      )}
      {problem && (
        <p id={`${id}-problem`} className="field-problem" role="alert">
          {label} {problem}.
        </p>
      )}
    </div>
  )
}
