import { emit } from '../events/emit.ts'
import { newId } from '../ids.ts'
import { serializeDispute } from '../resources/charge.ts'
import type { Account } from '../state/account.ts'
import type { DisputeRow } from '../state/rows/payment.ts'
import { recordMovement } from './ledger.ts'

/** A cardholder disputes a paid charge; the bank takes the money back until it is decided. */
export function openDispute(account: Account, chargeId: string, reason: string): DisputeRow {
  const charge = account.charges.patch(chargeId, { disputed: true })
  const created = account.nowOf(charge.customer)
  const id = newId('du')
  const withdrawal = recordMovement(account, {
    created,
    amount: -charge.amount,
    currency: charge.currency,
    source: id,
    type: 'adjustment',
  })
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
    status: 'needs_response',
    balance_transactions: [withdrawal.id],
  })
  emit(account, 'charge.dispute.created', serializeDispute(account, dispute))
  emit(account, 'charge.dispute.funds_withdrawn', serializeDispute(account, dispute))
  return dispute
}

/** The bank decides: a won dispute brings the money back. */
export function closeDispute(account: Account, id: string, outcome: 'won' | 'lost'): DisputeRow {
  const open = account.disputes.get(id)
  const closed = account.disputes.patch(id, { status: outcome })
  emit(account, 'charge.dispute.closed', serializeDispute(account, closed), { status: open.status })
  if (outcome === 'lost') return closed

  const created = account.nowOf(closed.customer)
  const reinstated = recordMovement(account, {
    created,
    amount: closed.amount,
    currency: closed.currency,
    source: id,
    type: 'adjustment',
  })
  const row = account.disputes.patch(id, { balance_transactions: [...closed.balance_transactions, reinstated.id] })
  emit(account, 'charge.dispute.funds_reinstated', serializeDispute(account, row))
  return row
}
