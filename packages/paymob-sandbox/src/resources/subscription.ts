import { addDays, stampOf, type Region } from '../dates.ts'
import type { CardRow, PlanRow, SubscriptionRow } from '../state/rows.ts'

export function planObject(region: Region, row: PlanRow) {
  return {
    id: row.id,
    frequency: row.frequency,
    created_at: stampOf(region, row.createdAt, row.id),
    updated_at: stampOf(region, row.updatedAt, row.id),
    name: row.name,
    reminder_days: row.reminderDays,
    retrial_days: row.retrialDays,
    plan_type: 'rent',
    number_of_deductions: row.numberOfDeductions,
    amount_cents: row.amountCents,
    use_transaction_amount: row.useTransactionAmount,
    is_active: row.isActive,
    webhook_url: row.webhookUrl,
    integration: row.integration,
    fee: null,
  }
}

export function subscriptionObject(region: Region, row: SubscriptionRow) {
  return {
    id: row.id,
    client_info: row.client,
    frequency: row.frequency,
    created_at: stampOf(region, row.createdAt, row.id),
    updated_at: stampOf(region, row.updatedAt, row.id),
    name: row.name,
    reminder_days: row.reminderDays,
    retrial_days: row.retrialDays,
    plan_id: row.planId,
    state: row.state,
    amount_cents: row.amountCents,
    starts_at: row.startsAt,
    next_billing: row.nextBilling,
    reminder_date: row.reminderDays === null ? null : addDays(row.nextBilling, -row.reminderDays),
    ends_at: row.endsAt,
    resumed_at: row.resumedAt,
    suspended_at: row.suspendedAt,
    webhook_url: row.webhookUrl,
    integration: row.integration,
    initial_transaction: row.initialTransaction,
  }
}

export function cardObject(region: Region, row: CardRow) {
  return {
    id: row.id,
    card_data: null,
    token: row.token,
    created_at: stampOf(region, row.createdAt, row.id),
    is_primary: row.isPrimary,
    masked_pan: maskedPan(row.number),
    failed_attempts: row.failedAttempts,
  }
}

/** `5123456789012346` → `xxxx-xxxx-xxxx-2346`. */
export function maskedPan(number: string): string {
  return `xxxx-xxxx-xxxx-${number.slice(-4)}`
}
