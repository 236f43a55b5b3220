/** The words of the emails about payments that failed, and cards that soon will. */
export const dunningTexts = {
  paymentFailed: {
    subject: (plan: string) => `Your payment for ${plan} didn't go through`,
    what: (amount: string, plan: string) => `We couldn't charge ${amount} for your ${plan} subscription.`,
    advice:
      "Please pay the invoice with another card, or update the card on file. We'll also try again over the next few days.",
    adviceWithoutPage:
      "Please make sure that the card on file works, or use another one. We'll also try again over the next few days.",
    action: 'Pay the invoice',
    more: 'Use another card',
  },
  paymentReminder: {
    subject: (plan: string) => `Your payment for ${plan} is still open`,
    subjectFinal: (plan: string) => `Last reminder: your payment for ${plan}`,
    open: (amount: string, plan: string) => `We still couldn't charge ${amount} for your ${plan} subscription.`,
    confirm: (amount: string, plan: string) =>
      `Your bank still needs you to confirm the payment of ${amount} for your ${plan} subscription.`,
    retry: (time: string) => `We'll try again on ${time}. You don't have to wait for it.`,
    retryWithCard: (time: string) => `We'll try again on ${time}, with the card that is on file then.`,
    pay: 'Please take care of it soon.',
    given: "We won't try to charge your card again, and this is our last reminder.",
    action: {
      pay: 'Pay the invoice',
      authenticate: 'Confirm the payment',
      update_card: 'Use another card',
    },
    more: 'View my subscription',
    note: "You don't need to log in. The link is for this payment only, so you can forward it to the person who pays.",
  },
  cardExpiring: {
    subject: (plan: string) => `The card for your ${plan} subscription expires soon`,
    what: (plan: string, expires: string) => `The card for your ${plan} subscription is valid until ${expires}.`,
    whatCard: (plan: string, last4: string, expires: string) =>
      `The card ending in ${last4} for your ${plan} subscription is valid until ${expires}.`,
    next: (amount: string, day: string) =>
      `It can't be charged for your next payment of ${amount} on ${day}. Add your new card before then, and nothing will be interrupted.`,
    action: 'Update my card',
  },
  paymentActionRequired: {
    subject: (plan: string) => `Please confirm your payment for ${plan}`,
    what: (amount: string, plan: string) =>
      `Your bank needs you to confirm the payment of ${amount} for your ${plan} subscription. It won't go through until you do.`,
    action: 'Confirm the payment',
  },
}
