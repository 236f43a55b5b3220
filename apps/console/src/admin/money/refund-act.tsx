import { formatMoney } from '@tollgate/client'
import { useRef } from 'react'
import { api } from '../../api.ts'
import { Field } from '../../parts/field.tsx'
import { ActProblem } from '../kit/act-problem.ts'
import { Act, type ReadField } from '../kit/act.tsx'
import { t } from '../texts/catalogue.ts'
import { readAmount } from './read-amount.ts'

const words = t.money.refund

/** Refunds a payment in part or in full, and says first what that means. */
export function RefundAct({ id, currency }: { id: string; currency: string }) {
  // Of the preview that is shown. If an answer is lost, a repeat with it refunds nothing more.
  const known = useRef<number>(undefined)
  const inputOf = (read: ReadField) => {
    const typed = read('amountCents').trim()
    if (typed === '') return { id }
    const amountCents = readAmount(typed, currency)
    if (amountCents === 0) throw new ActProblem(words.aboveZero)
    return { id, amountCents }
  }
  return (
    <Act
      open={words.open}
      title={words.title}
      tone="bad"
      confirm={words.confirm}
      done={words.done}
      consequences={async (read) => {
        const input = inputOf(read)
        if (input.amountCents !== undefined) {
          const { leftCents } = await api.admin.payments.previewRefund.query({ id })
          if (input.amountCents > leftCents) throw new ActProblem(words.atMost(formatMoney(leftCents, currency)))
        }
        const preview = await api.admin.payments.previewRefund.query(input)
        known.current = preview.refundedCents
        const rest = preview.leftCents - preview.amountCents
        return [
          words.gives(formatMoney(preview.amountCents, currency)),
          rest > 0 ? words.rest(formatMoney(rest, currency)) : words.all,
          words.keepsAccess,
          words.mail,
          words.noFees,
          ...(preview.isOpen ? [words.isOpen] : []),
        ]
      }}
      run={(read) => api.admin.payments.refund.mutate({ ...inputOf(read), refundedCents: known.current })}
    >
      <Field
        name="amountCents"
        label={words.amount(currency.toUpperCase())}
        hint={words.hint}
        inputMode="decimal"
        autoComplete="off"
      />
    </Act>
  )
}
