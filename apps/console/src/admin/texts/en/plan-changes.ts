/** Texts about moving the subscribers of a plan. */
export const moves = {
  open: 'Move subscribers…',
  title: 'Move the subscribers of this plan',
  to: 'To plan',
  samePlan: (plan: string, price: string) => `${plan}, at its price of today (${price})`,
  target: (plan: string, price: string) => `${plan} (${price})`,
  choosePlan: 'Choose a plan',
  when: 'When',
  now: 'Now',
  atPeriodEnd: 'At the end of each subscriber’s period',
  who: 'Who',
  everyone: 'All subscribers',
  payers: (price: string) => `Only those who pay ${price}`,
  confirm: 'Move them',
  done: 'The move has begun. Its progress is on this page.',

  count: (movable: number, all: number) =>
    movable === all
      ? movable === 1
        ? 'The only subscriber moves.'
        : `All ${all.toLocaleString()} subscribers move.`
      : `${movable.toLocaleString()} of ${all.toLocaleString()} subscribers can move.`,
  lookAgain: 'The amounts for this plan were not shown yet. Wait for them, then try again.',
  none: 'No subscriber can move.',
  noSubscribers: 'No subscriber matches.',
  kind: (count: number, status: string, before: string, after: string) =>
    `${count.toLocaleString()} (${status}): ${before} today, ${after} afterwards.`,
  moreKinds: 'There are more prices than these.',
  atOnce: 'Subscribers move one by one, starting now.',
  between: (first: string, last: string) =>
    first === last ? `The change takes effect on ${first}.` : `The change takes effect from ${first} to ${last}.`,
  nothingNow: 'Nothing is charged or credited at once.',
  dueNow: (due: string) => `About ${due} is charged at once.`,
  creditNow: (credit: string) => `About ${credit} is credited at once.`,
  estimate:
    'These amounts are an estimate. Discounts, taxes, balances and add-ons are not in them. Subscribers without a working card stay on their plan.',
  mrr: (before: string, after: string) => `Their MRR goes from ${before} to ${after}.`,
  stay: (count: number, why: string) => `${count === 1 ? '1 stays' : `${count.toLocaleString()} stay`}. ${why}`,
  mails: 'Each of them gets the usual email when their plan or price changes, not before.',

  section: 'Moves of subscribers',
  page: (from: string, to: string) => `Move from ${from} to ${to}`,
  item: (to: string, price: string, at: string) => `To ${to} for ${price}, ${at}`,
  ats: { now: 'now', period_end: 'at the period’s end' },
  progress: 'Progress',
  states: { listing: 'Starting', moving: 'Moving', done: 'Done', stopped: 'Stopped' },
  counts: (done: number, refused: number, waiting: number) =>
    `${done.toLocaleString()} moved, ${refused.toLocaleString()} not moved, ${waiting.toLocaleString()} waiting`,
  details: 'Details',
  by: 'Ordered by',
  began: 'Began',
  finished: 'Finished',
  outcome: 'Outcome',
  reason: 'Reason',
  items: { waiting: 'Waiting', done: 'Moved', refused: 'Not moved' },
  empty: 'This move concerns no one.',
  stop: 'Stop…',
  stopTitle: 'Stop this move',
  stopConfirm: 'Stop the move',
  stopped: 'The move is stopped.',
  stopEffect: (waiting: number) =>
    waiting === 1 ? '1 waiting subscriber stays.' : `${waiting.toLocaleString()} waiting subscribers stay.`,
  stopKeeps: 'Those who have moved stay moved.',
}

/** Texts about the change of one customer's plan. */
export const change = {
  open: 'Change plan…',
  title: 'Change this customer’s plan',
  plan: 'New plan',
  when: 'When',
  now: 'Now',
  atPeriodEnd: 'At the end of the period',
  confirm: 'Change plan',
  done: 'The plan is changed.',
  atOnce: (plan: string, price: string) => `They have ${plan} at once, for ${price}.`,
  later: (plan: string, price: string, day: string) => `They have ${plan} from ${day}, for ${price}.`,
  stays: (plan: string) => `They keep ${plan}. The scheduled change is dropped.`,
  charged: (amount: string) => `${amount} is charged to their card now.`,
  credited: (amount: string) => `${amount} goes to their balance, for the next invoices.`,
  nothingNow: 'Nothing is charged now.',
  next: (amount: string, day: string) => `The next payment is ${amount} on ${day}.`,
  mail: 'They get an email when the plan changes.',
  drops: (plan: string) => `The scheduled change to ${plan} is dropped.`,
}

/** Texts about dropping the scheduled change of one customer's plan. */
export const dropChange = {
  open: 'Drop the change…',
  title: 'Drop the scheduled change',
  confirm: 'Drop the change',
  done: 'The scheduled change is dropped.',
  keeps: (plan: string) => `They keep ${plan}, for what they pay today.`,
  noMail: 'They get no email about it.',
}
