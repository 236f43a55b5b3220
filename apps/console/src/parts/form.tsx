import { errorText, isTollgateError, type Reason } from '@tollgate/client'
import { createContext, useEffect, useRef, useState, type ReactNode } from 'react'
import { t } from '../texts/catalogue.ts'
import { BusyButton } from './busy-button.tsx'
import { Notice } from './notice.tsx'
import { Problem } from './problem.tsx'
import { useUnsaved } from './unsaved.ts'

/** Error messages by field name. */
export const FieldErrors = createContext<Readonly<Record<string, string>>>({})

interface FormProps {
  /** `read` returns the value of a field. */
  onSubmit: (read: (field: string) => string) => void
  busy: boolean
  error: unknown
  /** Reasons that concern a single field. Their message appears beside it. */
  fieldOf?: Partial<Record<Reason, string>>
  /** The name that a field of the backend has in this form. */
  nameOf?: (field: string) => string
  /** Words an error for others than the customer; null if the customer's words fit. */
  problem?: (error: unknown) => string | null
  /** The button's label; null while the form must not be sent. */
  submit: string | null
  /** The page has a more important button. */
  isQuiet?: boolean
  /** `bad`: the button destroys something. */
  tone?: 'bad'
  /** The user has just asked for this form, so its first field gets the focus. */
  isNext?: boolean
  children: ReactNode
}

/**
 * Fields and a submit button. Errors appear beside their field, or else at the top. What is missing is found here, in our
 * own words instead of the browser's. An error goes away as soon as its field changes.
 */
export function Form({
  onSubmit,
  busy,
  error,
  problem,
  fieldOf = {},
  nameOf = (field) => field,
  submit,
  isQuiet = false,
  tone,
  isNext = false,
  children,
}: FormProps) {
  const form = useRef<HTMLFormElement>(null)
  const [missing, setMissing] = useState<Record<string, string>>({})
  const [corrected, setCorrected] = useState<{ error: unknown; fields: readonly string[] }>({ error, fields: [] })
  const unsaved = useUnsaved()
  const isFromBackend = Object.keys(missing).length === 0
  const all = isFromBackend ? fieldErrorsOf(error, fieldOf, nameOf) : missing
  const fixed = corrected.error === error ? corrected.fields : []
  const errors = Object.fromEntries(Object.entries(all).filter(([field]) => !fixed.includes(field)))
  const isElsewhere = isFromBackend && error !== null && Object.keys(all).length === 0

  // Sent and accepted: nothing would be lost any more.
  const wasBusy = useRef(false)
  useEffect(() => {
    if (wasBusy.current && !busy && error === null) unsaved.end()
    wasBusy.current = busy
  }, [busy, error, unsaved])

  useEffect(() => {
    if (isNext) form.current?.querySelector('input')?.focus()
  }, [isNext])

  useEffect(() => {
    if (error !== null || !isFromBackend) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }, [error, isFromBackend, missing])

  return (
    <form
      ref={form}
      className="form"
      noValidate
      onInput={({ target }) => {
        unsaved.begin()
        const name = isField(target) ? target.name : ''
        if (name in errors) setCorrected({ error, fields: [...fixed, name] })
      }}
      onSubmit={(event) => {
        event.preventDefault()
        const found = problemsIn(event.currentTarget)
        setMissing(found)
        setCorrected({ error: null, fields: [] })
        if (Object.keys(found).length > 0) return
        const data = new FormData(event.currentTarget)
        onSubmit((field) => textOf(data.get(field)))
      }}
    >
      {isElsewhere && <Notice tone="bad">{problem?.(error) ?? <Problem error={error} />}</Notice>}
      <FieldErrors value={errors}>{children}</FieldErrors>
      {submit !== null && (
        <BusyButton type="submit" quiet={isQuiet} busy={busy} data-tone={tone}>
          {submit}
        </BusyButton>
      )}
    </form>
  )
}

/** The problems that the browser can see: a field that is empty, too short, no email address, or has wrong characters. */
function problemsIn(form: HTMLFormElement): Record<string, string> {
  const problems: Record<string, string> = {}
  for (const input of form.elements) {
    if (!isField(input) || input.name === '') continue
    const problem = input instanceof HTMLInputElement ? problemOf(input) : missingIn(input)
    if (problem !== null) problems[input.name] = problem
  }
  return problems
}

type FormField = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement

const isField = (target: unknown): target is FormField =>
  target instanceof HTMLInputElement || target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement

function missingIn({ labels, validity }: FormField): string | null {
  return validity.valueMissing ? t.parts.isMissing(labels?.[0]?.textContent ?? '') : null
}

function problemOf(input: HTMLInputElement): string | null {
  const { validity, type, value, minLength, pattern, dataset } = input
  const missing = missingIn(input)
  if (missing !== null) return missing
  if (type === 'email' && validity.typeMismatch) return t.parts.notAnAddress
  if ([...value].length < minLength) return t.parts.isTooShort(minLength)
  // The backend trims, because phones add a space after a suggested word.
  if (pattern !== '' && !new RegExp(`^(?:${pattern})$`, 'v').test(value.trim())) return dataset['mismatch'] ?? null
  return null
}

function fieldErrorsOf(
  error: unknown,
  fieldOf: Partial<Record<Reason, string>>,
  nameOf: (field: string) => string,
): Record<string, string> {
  if (!isTollgateError(error)) return {}
  const { reason, fieldErrors } = error.data
  const field = fieldOf[reason]
  if (field) return { [field]: errorText(error) }
  return Object.fromEntries(Object.entries(fieldErrors ?? {}).map(([name, problem]) => [nameOf(name), problem]))
}

const textOf = (value: FormDataEntryValue | null) => (typeof value === 'string' ? value : '')
