export interface MeterRow {
  readonly id: string
  readonly created: number
  readonly updated: number
  /** The key of an event's payload that has the customer's id. */
  readonly customer_key: string
  readonly deactivated_at: number | null
  readonly display_name: string
  readonly event_name: string
  /** Of the events in one such window of UTC, only the newest counts; null if all do. */
  readonly event_time_window: 'day' | 'hour' | null
  readonly formula: 'count' | 'last' | 'sum'
  readonly status: 'active' | 'inactive'
  /** The key of an event's payload that has its value. */
  readonly value_key: string
}

export interface MeterEventRow {
  readonly id: string
  readonly identifier: string
  readonly created: number
  /** When it was received, by the wall clock. */
  readonly recorded: number
  readonly event_name: string
  readonly payload: Readonly<Record<string, string>>
  readonly timestamp: number
  /** Null if no meter or no customer fits, so that it doesn't count. */
  readonly subject: { readonly meter: string; readonly customer: string; readonly value: number } | null
  readonly canceled: boolean
}
