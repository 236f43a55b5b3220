import { isTollgateError, type Reason } from '@tollgate/client'
import { createContext, useEffect, useRef, type ReactNode } from 'react'
import { explain } from '../words/reasons.ts'
import { BusyButton } from './busy-button.tsx'
import { Notice } from './notice.tsx'

/** What is wrong with each field, by its name. */
export const FieldErrors = createContext<Readonly<Record<string, string>>>({})

interface FormProps {
  /** `read` gives what a field of this form holds. */
  onSubmit: (read: (field: string) => string) => void
  busy: boolean
  error: unknown
  /** Reasons that are about one field: they stand beside it. */
  fieldOf?: Partial<Record<Reason, string>>
  submit: string
  /** The reader has just asked for this form, so its first field has the focus. */
  isNext?: boolean
  children: ReactNode
}

/** Fields and one button. What the backend finds wrong stands beside the field, or else on top. */
export function Form({ onSubmit, busy, error, fieldOf = {}, submit, isNext = false, children }: FormProps) {
  const form = useRef<HTMLFormElement>(null)
  const errors = fieldErrorsOf(error, fieldOf)
  const isElsewhere = error !== null && Object.keys(errors).length === 0

  useEffect(() => {
    if (isNext) form.current?.querySelector('input')?.focus()
  }, [isNext])

  useEffect(() => {
    if (error !== null) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }, [error])

  return (
    <form
      ref={form}
      className="form"
      onSubmit={(event) => {
        event.preventDefault()
        const data = new FormData(event.currentTarget)
        onSubmit((field) => textOf(data.get(field)))
      }}
    >
      {isElsewhere && <Notice tone="bad">{explain(error)}</Notice>}
      <FieldErrors value={errors}>{children}</FieldErrors>
      <BusyButton type="submit" busy={busy}>
        {submit}
      </BusyButton>
    </form>
  )
}

function fieldErrorsOf(error: unknown, fieldOf: Partial<Record<Reason, string>>): Record<string, string> {
  if (!isTollgateError(error)) return {}
  const { reason, fieldErrors } = error.data
  const field = fieldOf[reason]
  return field ? { [field]: explain(error) } : (fieldErrors ?? {})
}

const textOf = (value: FormDataEntryValue | null) => (typeof value === 'string' ? value : '')
