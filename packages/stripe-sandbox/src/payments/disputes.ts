import { emit } from '../events/emit.ts'
import { newId } from '../ids.ts'
import { serializeDispute } from '../resources/charge.ts'
import type { Account } from '../state/account.ts'
import type { DisputeRow } from '../state/rows/payment.ts'
import { recordMovement } from './ledger.ts'

/** Opens a dispute of a paid charge. The bank withdraws the money until it decides; an inquiry moves no money. */
export function openDispute(
  account: Account,
  chargeId: string,
  { reason, inquiry = false }: { reason: string; inquiry?: boolean },
): DisputeRow {
  const charge = account.charges.patch(chargeId, { disputed: true })
  const created = account.nowOf(charge.customer)
  const id = newId('du')
  const dispute = account.disputes.insert({
    id,
    created,
    amount: charge.amount,
    charge: chargeId,
    currency: charge.currency,
    customer: charge.customer,
    evidence: {},
    has_evidence: false,
    submitted: false,
    metadata: {},
    payment_intent: charge.payment_intent,
    reason,
    status: inquiry ? 'warning_needs_response' : 'needs_response',
    balance_transactions: inquiry ? [] : [move(account, { ...charge, id, created, amount: -charge.amount })],
  })
  emit(account, 'charge.dispute.created', serializeDispute(account, dispute))
  if (!inquiry) emit(account, 'charge.dispute.funds_withdrawn', serializeDispute(account, dispute))
  return dispute
}

/** Closes a dispute with the bank's decision. A won dispute returns the money; an inquiry is only closed. */
export function closeDispute(account: Account, id: string, outcome: 'won' | 'lost'): DisputeRow {
  const open = account.disputes.get(id)
  const inquiry = isInquiry(open)
  const closed = account.disputes.patch(id, { status: inquiry ? 'warning_closed' : outcome })
  emit(account, 'charge.dispute.closed', serializeDispute(account, closed), { status: open.status })
  if (inquiry || outcome === 'lost') return closed

  const reinstated = move(account, { ...closed, created: account.nowOf(closed.customer) })
  const row = account.disputes.patch(id, { balance_transactions: [...closed.balance_transactions, reinstated] })
  emit(account, 'charge.dispute.funds_reinstated', serializeDispute(account, row))
  return row
}

export function isInquiry({ status }: DisputeRow): boolean {
  return status.startsWith('warning_')
}

export function isClosed({ status }: DisputeRow): boolean {
  return status === 'won' || status === 'lost' || status === 'warning_closed'
}

function move(
  account: Account,
  { id, created, amount, currency }: Pick<DisputeRow, 'id' | 'created' | 'amount' | 'currency'>,
): string {
  return recordMovement(account, { created, amount, currency, source: id, type: 'adjustment' }).id
}
