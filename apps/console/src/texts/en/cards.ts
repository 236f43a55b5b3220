/** Texts about the cards that pay, and their page. */
export const cards = {
  title: 'My cards',
  titleOf: (account: string) => `Cards of ${account}`,
  back: 'Back to the subscription',
  of: (plan: string) => `Cards for ${plan}`,
  card: 'Card',
  primary: 'Primary',
  charged: 'Your subscription is charged to this card. To remove it, make another card the primary one first.',
  only: 'Your subscription is charged to this card. To remove it, add another one first.',
  makePrimary: 'Make primary',
  makePrimaryFully: (card: string) => `Make primary: ${card}`,
  isPrimary: (card: string) => `Your subscription is now charged to this card: ${card}.`,
  remove: 'Remove…',
  removeFully: (card: string) => `Remove: ${card}…`,
  removeQuestion: 'Remove this card?',
  removeMeans: (card: string) => `${card} is deleted at the payment provider. To use it again, add it again.`,
  removeYes: 'Yes, remove it',
  removeNo: 'Go back',
  removed: (card: string) => `Removed: ${card}.`,
  add: 'Add a card',
  check:
    'The payment provider checks a new card with a small charge, which is paid back. It then becomes the primary card.',
  checking: 'Checking your new card…',
  added: 'Your new card is now the primary one. The charge that checked it goes back to your card.',
  declined: 'The card was declined. Nothing has changed. Try again, or use another card.',
  expired: 'The page for the new card has expired. Nothing was charged. You can open a new one.',
  notYet:
    'The payment provider has not confirmed the new card yet. Nothing is lost: it shows up here once it is confirmed.',
  retries: (day: string) =>
    `Your last payment failed. It is tried again on ${day} with the primary card. To keep your access, make sure that this card works.`,
  payable:
    'Your last payment failed twice, and is not tried again. Pay it with any card to keep your subscription. That card becomes the primary one.',
  payNow: 'Pay now',
  paid: 'Your overdue payment went through. Your subscription continues, and the card that paid is the primary one now.',
  returned:
    'This payment was no longer due: it had already been paid, or your subscription had ended. What you paid goes back to your card.',
  notPayable:
    'This payment can no longer be made here. It has already been paid, or the payment provider will collect it automatically. You were not charged just now.',
  otherWays: 'You can still add a card for your next payment below.',
  orAgain: 'If you still have no access, subscribe again.',
  givenUp: 'Your last payment failed twice, and is not tried again. To go on, subscribe again with a card that works.',
}
