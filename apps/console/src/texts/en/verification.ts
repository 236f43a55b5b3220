/** Texts of the notice that an address is not verified. */
export const verification = {
  title: 'Please verify your email address.',
  what: (address: string) => `Open the email we sent to ${address} and follow the link. Then you can subscribe.`,
  wrongAddress: 'Wrong address?',
  change: 'Change it',
  sendAgain: 'Send a new email',
  sentAgain: 'Sent. Check your inbox.',
  alreadyVerified: 'Your address is already verified.',
}
