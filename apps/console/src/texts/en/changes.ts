/** Texts of changing a plan. */
export const changes = {
  title: 'Change your plan',
  none: "You don't have a subscription to change.",
  gone: 'This plan is no longer available.',
  asking: 'Getting the price from the payment provider…',
  what: 'What changes',
  fromTo: (from: string, to: string) => `${from} → ${to}`,
  withPeriod: (name: string, period: string) => `${name} (${period})`,
  nothing: "Don't change anything",
  back: 'Back to the plans',
  dueNow: 'Due now',
  credit: 'Credit',
  creditValue: (money: string) => `${money}, applied to your next payments`,
  next: 'Next payment',
  nextValue: (money: string, day: string) => `${money} on ${day}`,
  noNext: 'None',
  takesEffect: 'Takes effect',
  onDay: (day: string) => `On ${day}`,
  immediately: 'Immediately',
  price: 'Price',
  switch: {
    /** Both plans may have the same name. */
    plan: (name: string, currency: string) => `${name} (${currency})`,
    meaning: (day: string, to: string) =>
      `Your current plan stays until ${day}. Then ${to} begins. Nothing is due today: you only save your card.`,
    cardCheck: (money: string) => `To check your card, ${money} is charged and returned at once.`,
    saveCard: 'Continue to save your card',
  },
  noCard: "You haven't paid for anything yet, so we have no card to charge.",
  code: {
    label: 'Promotion code',
    apply: 'Apply code',
    applied: (code: string) => `The code ${code} is applied.`,
    remove: 'Remove',
  },
  canceled: (plan: string) => `You canceled ${plan}. To change plans, undo the cancellation first.`,
  seeDue: 'See what is due',
  fewSeats: (plan: string) =>
    `${plan} has fewer seats than you have members. Remove members first, or choose a larger plan.`,
  seeMembers: 'See the members',
  byCheckout: (plan: string, price: string) =>
    `You can pay for ${plan} on the checkout page instead, with any card: ${price}.`,
  credited: (plan: string) => ` The unused time on ${plan} is credited to your next payments.`,
  checkout: 'Go to checkout',
  onNow: (plan: string) => `You're on ${plan}`,
  willChange: (plan: string) => `Your plan will change to ${plan}`,
  paid: (money: string) => `You paid ${money}.`,
  notCharged: 'Nothing was charged.',
  keepUntil: (plan: string, day: string) => `You keep ${plan} until ${day}. Until then, you can change your mind.`,
  stayMeaning: (plan: string) => `You stay on ${plan}. Your scheduled change is canceled.`,
  stay: (plan: string) => `Stay on ${plan}`,
  whichIsFree: 'which is free',
  forPrice: (price: string) => `for ${price}`,
  laterMeaning: (from: string, day: string, to: string, price: string) =>
    `You keep ${from} until ${day}. Then you move to ${to}, ${price}. Nothing is charged now.`,
  later: (day: string) => `Change on ${day}`,
  payMeaning: (to: string, money: string, day: string, from: string) =>
    `${to} starts immediately. We charge ${money} to your card now: ` +
    `the price of ${to} until ${day}, minus the unused time on ${from}.`,
  pay: (money: string) => `Pay ${money} and change`,
  freeMeaning: (to: string) => `${to} starts immediately. Nothing is charged now.`,
  trialContinues: ' Your trial continues.',
}
