import { plannedEnd, type EndColumns } from './planned-end.ts'

/** When the time ends that is paid for, and with it a subscription that is set to end with its period. */
export function paidUntil(columns: EndColumns): Date {
  const end = plannedEnd(columns)
  return end && end < columns.currentPeriodEnd ? end : columns.currentPeriodEnd
}
