/** Texts of the building blocks. */
export const parts = {
  loading: 'One moment…',
  tryAgain: 'Try again',
  close: 'Close',
  cancel: 'Cancel',
  notifications: 'Notifications',
  moreActions: 'More actions',
  copy: 'Copy',
  copied: 'Copied',
}
