/** Texts about plans: what they are, what they cost, and what they allow. */
export const plans = {
  title: 'Plans',
  empty: 'There are no plans yet. Create the first one.',
  code: 'Code',
  name: 'Name',
  description: 'Description',
  descriptionHint: 'For the pricing page. The first line says what the plan is for. Each further line is a feature.',
  tier: 'Tier',
  tiers: { free: 'Free', pro: 'Pro', vip: 'VIP' },
  price: (currency: string) => `Price in ${currency}`,
  newPrice: 'Price',
  priceIn: (period: string, currency: string) => `${period} price in ${currency}`,
  period: 'Billed',
  periods: { monthly: 'Monthly', yearly: 'Yearly' },
  currency: 'Currency',
  provider: 'Sold through',
  providers: { stripe: 'Stripe', paymob: 'Paymob' },
  trialDays: 'Trial days',
  sortOrder: 'Place on the pricing page',
  sortHint: 'The lowest number is first.',
  highlighted: 'Recommended',
  seats: 'Members',
  seatsOf: (included: number, max: number | null) =>
    max === null
      ? `${included.toLocaleString()} included`
      : `${included.toLocaleString()} included, at most ${max.toLocaleString()}`,
  status: 'Status',
  statuses: { draft: 'Draft', active: 'For sale', retired: 'Archived' },
  subscribers: 'Subscribers',
  live: 'Subscribers',
  perMonth: 'MRR',
  recommended: 'Recommended',
  facts: 'Plan',
  prices: 'Prices',
  features: 'Features',
  current: 'Today',
  former: 'Former',
  custom: 'Only at the provider',
  noSubscribers: 'None',
  sync: 'At the provider',
  syncs: { missing: 'Made at the first checkout', pending: 'Being updated', synced: 'Up to date' },
  since: 'Since',
  show: 'Show',

  create: 'Create plan…',
  createTitle: 'Create a plan',
  createConfirm: 'Create plan',
  created: 'The plan is created.',
  createEffect: 'The plan is for sale at once, and is created at its provider.',
  createCode: 'Its code and its provider can’t be changed later. Prices can.',

  edit: 'Edit…',
  editTitle: 'Edit this plan',
  editConfirm: 'Save changes',
  edited: 'The plan is changed.',
  nothing: 'Nothing changes so far.',
  newSubscribers: (price: string) => `New subscribers pay ${price}.`,
  keep: (count: number) =>
    count === 1 ? '1 subscriber keeps the old price.' : `${count.toLocaleString()} subscribers keep the old price.`,
  atStripe: 'The payment provider gets a new price, and the old one is archived there.',
  renamed: (name: string) => `Everyone sees the name ${name}, also at the payment provider and on new invoices.`,
  newTier: (count: number, tier: string) =>
    count === 1
      ? `1 subscriber gets the tier ${tier} at once.`
      : `${count.toLocaleString()} subscribers get the tier ${tier} at once.`,
  noLonger: (price: string) => `It is no longer sold for ${price}.`,
  newFeatures: (count: number) =>
    count === 0
      ? 'The pricing page shows the new features at once.'
      : count === 1
        ? '1 subscriber may use more or less at once.'
        : `${count.toLocaleString()} subscribers may use more or less at once.`,
  newSeats: 'The number of allowed or included members changes at once.',
  onPage: 'The pricing page changes at once.',

  archive: 'Archive…',
  archiveTitle: 'Archive this plan',
  archiveConfirm: 'Archive plan',
  archived: 'The plan is archived.',
  archiveForGood: 'This can’t be undone. Its code stays taken.',
  noNew: 'It gets no new subscribers, and open checkout pages expire.',
  keepIt: (count: number) =>
    count === 0
      ? 'It has no subscribers.'
      : count === 1
        ? '1 subscriber keeps it, and continues to pay for it.'
        : `${count.toLocaleString()} subscribers keep it, and continue to pay for it.`,
}

export const offers = {
  open: 'Prices…',
  title: 'Change the prices',
  confirm: 'Save prices',
  done: 'The prices are changed.',
  nth: (place: number) => (place === 1 ? 'First price' : `Price ${place}`),
  add: 'Add a price',
  remove: 'Remove',
  perSeat: 'Each additional member',
  missing: 'Enter each price.',
  needsOne: 'A plan needs a price.',
}

export const features = {
  open: 'Features…',
  title: 'Change the features',
  confirm: 'Save features',
  done: 'The features are changed.',
  nth: (place: number) => `Feature ${place}`,
  add: 'Add a feature',
  remove: 'Remove',
  name: 'Name',
  nameHint: '1 to 64 characters: a-z, 0-9, _, . and -',
  allows: 'Allows',
  amounts: { any: 'Any amount', limit: 'Up to a limit' },
  limit: 'Limit',
  per: 'Counted',
  pers: { period: 'per billing period', month: 'per month', day: 'per day', total: 'in total' },
  overage: 'Price of each additional unit',
  overageHint: 'In the smallest unit, such as cents. Leave empty to stop at the limit.',
  unnamed: 'Enter a name for each feature.',
  twice: (name: string) => `${name} is listed twice.`,
  noLimit: (name: string) => `Enter the limit of ${name} as a whole number up to 9,007,199,254,740,991.`,
  noPrice: (name: string) => `Enter the price of ${name} as a number above 0 with at most 6 decimals, such as 0.5.`,
}
