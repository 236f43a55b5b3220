import type { PaymobApi } from './api/paymob-api.ts'
import type { PaymobCalendar } from './dates.ts'
import type { KnownPlans } from './known-plans.ts'
import type { PaymobSettings } from './paymob-settings.ts'

/** What all parts of the adapter work with, within one time budget. */
export interface PaymobContext {
  api: PaymobApi
  settings: PaymobSettings
  calendar: PaymobCalendar
  plans: KnownPlans
}

/** Today's date in the account's time zone, in billing time. */
export async function today({ settings, calendar }: PaymobContext): Promise<string> {
  return calendar.dateOf(await settings.now())
}
