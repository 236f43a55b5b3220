/** The texts of the page with failed renewals. */
export const recoveries = {
  title: 'Recovery',
  lead: 'Renewals that failed. The step is the last email that we sent about it.',
  empty: 'No renewal has failed.',
  state: 'State',
  states: { open: 'In recovery', recovered: 'Recovered', lost: 'Lost' },
  plan: 'Plan',
  since: 'Due since',
  step: 'Step',
  noStep: 'None yet',
  next: 'Next email',
  retry: 'Next retry',
  ended: 'Ended',
  outcome: 'Outcome',
  outcomes: {
    recovered: 'Paid',
    voided: 'Voided',
    written_off: 'Written off',
    closed: 'Account closed',
    ended: 'Subscription ended',
  },
  open: (amount: string, count: number) => `${amount} open in ${count} ${count === 1 ? 'renewal' : 'renewals'}.`,
  recovered: (amount: string, count: number, step: string | null) =>
    `${amount} recovered ${step === null ? 'before the first email' : `after step ${step}`} (${count}).`,
  ofDays: 'Last 30 days:',
}
