/** What a person with a role is called, after "as". */
export const ROLE_WORDS = {
  owner: 'an owner',
  admin: 'an admin',
  billing: 'a billing manager',
  member: 'a member',
} as const
