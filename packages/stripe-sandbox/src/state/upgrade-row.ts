type Json = Readonly<Record<string, unknown>>

const ITEM = { discounts: [], tax_rates: [] }
const SETTINGS = {
  billing_cycle_anchor: null,
  billing_thresholds: null,
  collection_method: null,
  days_until_due: null,
  default_payment_method: null,
  description: null,
}
const LINE = { discounts: [], included_discounts: [], tax_rates: [] }

/** The fields that rows of older state files lack, by table. */
const MISSING: Readonly<Record<string, (row: Json) => Json>> = {
  charges: ({ amount, paid }) => ({ amount_captured: paid === true ? amount : 0, captured: paid === true }),
  checkout_sessions: (row) => ({
    customer_creation: row['customer'] == null ? 'always' : null,
    invoice_creation: null,
    payment_intent_data: {},
    client_secret: null,
    discounts: [],
    ui_mode: 'hosted_page',
    ...within(row, 'lines', () => ({ tax_rates: [] })),
    ...(isHash(row['subscription_data']) && {
      subscription_data: { default_tax_rates: [], ...row['subscription_data'] },
    }),
  }),
  customer_balance_transactions: () => ({ credit_note: null }),
  invoice_items: (row) => ({ ...LINE, discountable: row['proration'] !== true }),
  invoices: (row) => ({
    default_tax_rates: [],
    discounts: [],
    pre_payment_credit_notes_amount: 0,
    post_payment_credit_notes_amount: 0,
    ...within(row, 'lines', (line) => ({ ...LINE, discountable: line['proration'] !== true })),
  }),
  payment_intents: () => ({ amount_capturable: 0, capture_before: null, capture_method: 'automatic' }),
  prices: ({ unit_amount }) => ({
    currency_options: {},
    meter: null,
    tiers: null,
    tiers_mode: null,
    transform_quantity: null,
    trial_period_days: null,
    unit_amount_decimal: typeof unit_amount === 'number' ? String(unit_amount) : null,
  }),
  subscription_schedules: (row) => ({
    default_settings: { ...SETTINGS, billing_cycle_anchor: 'automatic', collection_method: 'charge_automatically' },
    ...within(row, 'phases', (phase) => ({
      ...SETTINGS,
      default_tax_rates: [],
      discounts: [],
      unsetMetadata: [],
      ...within(phase, 'items', () => ITEM),
    })),
  }),
  subscriptions: (row) => ({
    billing_thresholds: null,
    default_tax_rates: [],
    discounts: [],
    ...within(row, 'items', () => ITEM),
  }),
}

/** A row from a state file, with the fields that its table has got since it was written. */
export function upgradeRow(table: string, row: unknown): unknown {
  const missing = MISSING[table]
  return missing && isHash(row) ? filled(row, missing) : row
}

/** The entries of a nested list, each with its missing fields. */
function within(row: Json, key: string, missing: (entry: Json) => Json): Json {
  const entries = row[key]
  if (!Array.isArray(entries)) return {}
  return { [key]: entries.map((entry: unknown) => (isHash(entry) ? filled(entry, missing) : entry)) }
}

function filled(row: Json, missing: (row: Json) => Json): Json {
  const defaults = missing(row)
  const nested = Object.entries(defaults).filter(
    ([key, value]) => Array.isArray(value) && Array.isArray(row[key]) && value.length > 0,
  )
  return { ...defaults, ...row, ...Object.fromEntries(nested) }
}

function isHash(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
