import { describe, expect, test } from 'vitest'
import { decideEntry, type HeldPlan, type Incoming, type Standing } from './decide-entry.ts'

const PRO: HeldPlan = { planId: 'pro', tier: 'pro', priceCents: 1_900, billingPeriod: 'monthly' }
const VIP: HeldPlan = { planId: 'vip', tier: 'vip', priceCents: 4_900, billingPeriod: 'monthly' }

const bought = (differently: Partial<Incoming> = {}): Incoming => ({
  isKnown: false,
  status: 'active',
  held: VIP,
  upgradeFrom: null,
  isSecondTrial: false,
  isAccountOpen: true,
  ...differently,
})
const paid = (differently: Partial<Standing> = {}): Standing => ({
  providerSubscriptionId: 'sub_1',
  isForeign: false,
  status: 'active',
  held: PRO,
  ...differently,
})
const GRANT = paid({ providerSubscriptionId: null })
const UNPAID = paid({ status: 'pending' })

describe('A subscription that runs at the provider', () => {
  test.each<[string, Standing | null, Incoming, ReturnType<typeof decideEntry>]>([
    ['begins when none stands', null, bought(), 'begin'],
    ['begins unpaid when none stands', null, bought({ status: 'pending' }), 'begin'],
    ['begins as a trial when none stands', null, bought({ status: 'trialing' }), 'begin'],
    ['begins although the one it was bought from has ended', null, bought({ upgradeFrom: 'sub_1' }), 'begin'],
    ['begins again when it had ended here', null, bought({ isKnown: true }), 'begin'],
    ['begins again for a closed account', null, bought({ isKnown: true, isAccountOpen: false }), 'begin'],

    ['upgrades the one it was bought from', paid(), bought({ upgradeFrom: 'sub_1' }), 'upgrade'],
    ['upgrades one that owes something', paid({ status: 'past_due' }), bought({ upgradeFrom: 'sub_1' }), 'upgrade'],
    ['upgrades one that is not paid yet', UNPAID, bought({ upgradeFrom: 'sub_1' }), 'upgrade'],

    ['replaces a grant', GRANT, bought(), 'replace'],
    ['replaces a grant of a higher plan', paid({ providerSubscriptionId: null, held: VIP }), bought(), 'replace'],
    ['replaces one of another account', paid({ isForeign: true, held: VIP }), bought(), 'replace'],
    [
      'waits for its payment beside one of another account',
      paid({ isForeign: true }),
      bought({ status: 'pending' }),
      'not-yet',
    ],
    ['replaces one that is not paid yet', UNPAID, bought(), 'replace'],
    ['replaces an unpaid one of the same plan', UNPAID, bought({ held: PRO, upgradeFrom: 'sub_1' }), 'replace'],

    ['is undone beside a paid one', paid(), bought(), 'undo'],
    ['is undone beside one in a trial', paid({ status: 'trialing' }), bought(), 'undo'],
    ['is undone when it upgrades another one', paid(), bought({ upgradeFrom: 'sub_2' }), 'undo'],
    ['is undone when that one has its plan', paid({ held: VIP }), bought({ upgradeFrom: 'sub_1' }), 'undo'],
    ['is undone when that one is above it', paid({ held: VIP }), bought({ held: PRO, upgradeFrom: 'sub_1' }), 'undo'],
    ['is undone as a second trial', null, bought({ status: 'trialing', isSecondTrial: true }), 'undo'],
    ['is undone as a second trial beside a grant', GRANT, bought({ isSecondTrial: true }), 'undo'],
    ['is undone for a closed account', null, bought({ isAccountOpen: false }), 'undo'],
    ['is undone for a closed account, unpaid', null, bought({ isAccountOpen: false, status: 'pending' }), 'undo'],
    ['is undone for a closed account with a grant', GRANT, bought({ isAccountOpen: false }), 'undo'],

    ['is superseded when it had ended and another stands', paid(), bought({ isKnown: true }), 'supersede'],
    ['is superseded by a grant', GRANT, bought({ isKnown: true }), 'supersede'],
    ['is superseded also unpaid', paid(), bought({ isKnown: true, status: 'pending' }), 'supersede'],

    ['waits for its payment beside a paid one', paid(), bought({ status: 'pending' }), 'not-yet'],
    ['waits for its payment beside a grant', GRANT, bought({ status: 'pending' }), 'not-yet'],
    ['waits for its payment as an upgrade', paid(), bought({ status: 'pending', upgradeFrom: 'sub_1' }), 'not-yet'],
  ])('%s', (_what, standing, incoming, entry) => {
    expect(decideEntry(standing, incoming)).toBe(entry)
  })
})
