/** Texts of the pages about people and accounts. */
export const people = {
  title: 'People',
  search: 'Email, username or id',
  email: 'Email',
  username: 'Username',
  status: 'Status',
  signedUp: 'Signed up',
  active: 'Active',
  disabled: 'Disabled',
  unverified: 'Not verified',
  admin: 'Admin',
  empty: 'No one has signed up yet.',
  isActive: 'Active',
  isVerified: 'Address verified',
  isAdmin: 'Administrator',
}
