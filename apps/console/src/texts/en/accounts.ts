/** Texts about choosing an account. */
export const accounts = {
  list: 'Accounts',
  choose: 'Choose an account',
  personal: 'Personal account',
  create: 'Create an organization',
  loading: 'Your account',
  unknown: 'This account is not among yours',
  unknownWhy:
    'The organization does not exist, or you are not a member of it. It may have been deleted, or you may have been removed.',
  mistake: 'If you think this is a mistake, ask one of its owners to invite you.',
  toPersonal: 'Go to my personal account',
}
