/** Where users can log in. Names are not translated. */
export const PROVIDERS = [
  { provider: 'google', title: 'Google' },
  { provider: 'github', title: 'GitHub' },
] as const
