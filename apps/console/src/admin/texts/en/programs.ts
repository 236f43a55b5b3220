import { endpoints } from './endpoints.ts'

const scopes = {
  introspect: 'Check access tokens',
  'users:read': 'Read users',
  'accounts:read': 'Read accounts',
  'entitlements:read': 'Read what accounts may use',
  'usage:write': 'Count what accounts use',
  'events:read': 'Read the feed of events',
  admin: 'All of the above',
}

/** Texts about other programs: their keys, and what they are sent. */
export const programs = {
  endpoints,
  keys: {
    title: 'Service keys',
    lead: 'A service key lets another program, such as the backend of your product, ask about every user and account.',
    empty: 'There are no service keys yet. Create one for each program.',
    name: 'Name',
    nameHint: 'The program that uses it.',
    start: 'Begins with',
    scopes: 'May',
    scopesHint: 'Choose no more than the program needs.',
    scopeNames: scopes,
    scope: (scope: string, label: string) => `${label} (${scope})`,
    status: 'Status',
    statuses: { active: 'Active', expired: 'Expired', revoked: 'Revoked' },
    lastUsed: 'Last used',
    expires: 'Expires',
    expiresHint: 'The last day on which it works. Leave empty for no end.',
    never: 'Never',
    created: 'Created',
    acts: 'What you can do',

    create: 'Create key…',
    createTitle: 'Create a service key',
    createConfirm: 'Create key',
    createEffects: ['You see the key once. We store only its hash.', 'It works at once.'],
    createAll: 'It may do everything that a program can do here, now and in later versions.',
    noScope: 'Choose what the key may do.',
    createdDone: 'Service key created.',
    secretTitle: 'Store this key now',
    secret: 'Service key',
    secretNote: 'We can’t show it again. Keep it where your program reads its secrets, and never in a repository.',

    revoke: 'Revoke…',
    revokeFully: (name: string) => `Revoke ${name}`,
    revokeTitle: (name: string) => `Revoke the key of ${name}`,
    revokeEffects: [
      'Its next request fails with 401.',
      'It can’t be undone. To replace a key, create another one first.',
      'It stays in this list.',
    ],
    revokeConfirm: 'Revoke key',
    revoked: 'Service key revoked.',
  },
}
