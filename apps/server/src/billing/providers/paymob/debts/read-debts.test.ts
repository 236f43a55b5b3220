import { expect, test } from 'vitest'
import { TransactionAnswer } from '../api/answers.ts'
import { createCalendar } from '../dates.ts'
import { settleRenewals } from './read-debts.ts'

const payment = (id: number, day: string, success: boolean) =>
  TransactionAnswer.parse({
    ...{ id, success, pending: false, amount_cents: 10_000, currency: 'EGP' },
    ...{ created_at: `2026-03-${day}T10:00:00`, order: id },
  })

test.each(['07', '29'])('a page’s payment of day %s that Paymob lists with the deductions counts once', (day) => {
  const [failed, again, paid] = [payment(1, '01', false), payment(2, '04', false), payment(3, day, true)] as const
  const settled = settleRenewals(
    {
      subscription: { frequency: 30 },
      endedAt: null,
      attempts: [[failed, again], [paid]],
      debts: [{ invoiceId: failed.id, payment: paid }],
    },
    createCalendar('egy_sk_test_1'),
  )
  expect(settled).toEqual({ renewals: [[failed, again, paid]], surplus: [] })
})
