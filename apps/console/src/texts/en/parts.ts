/** Texts of the building blocks. */
export const parts = {
  contact: 'Need help? Write to',
  loading: 'One moment…',
  isMissing: (label: string) => `${label} is missing.`,
  isTooShort: (min: number) => `must be at least ${min} characters long`,
  notAnAddress: 'This is not an email address.',
  notFound: 'This does not exist. Check the address of this page.',
  tryAgain: 'Try again',
  close: 'Close',
  cancel: 'Cancel',
  notifications: 'Notifications',
  copy: 'Copy',
}
