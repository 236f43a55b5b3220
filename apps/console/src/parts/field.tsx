import { use, useId, type InputHTMLAttributes } from 'react'
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
  const notes = [hint && `${id}-hint`, problem && `${id}-problem`].filter(Boolean).join(' ')
  const box = (
    <input {...input} id={id} name={name} aria-invalid={problem !== undefined} aria-describedby={notes || undefined} />
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
      {hint && (
        <p id={`${id}-hint`} className="field-hint">
          {hint}
        </p>
      )}
      {problem && (
        <p id={`${id}-problem`} className="field-problem" role="alert">
          {sentence(label, problem)}
        </p>
      )}
    </div>
  )
}

/** The backend sends `must be at least 8 characters long`, which needs the label. Full sentences stay as they are. */
function sentence(label: string, problem: string): string {
  const isSentence = /^\p{Lu}/u.test(problem)
  return isSentence ? problem : `${label} ${problem}.`
}
