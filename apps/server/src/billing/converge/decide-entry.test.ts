import { describe, expect, test } from 'vitest'
import { brokenRule, decideEntry, type HeldPlan, type Incoming, type Standing } from './decide-entry.ts'

const PRO: HeldPlan = { planId: 'pro', rank: 10, priceCents: 1_900, billingPeriod: 'monthly' }
const VIP: HeldPlan = { planId: 'vip', rank: 20, priceCents: 4_900, billingPeriod: 'monthly' }

const bought = (differently: Partial<Incoming> = {}): Incoming => ({
  isKnown: false,
  status: 'active',
  hasAccess: true,
  held: VIP,
  isFromCheckout: true,
  upgradeFrom: null,
  isSecondTrial: false,
  isAccountOpen: true,
  ...differently,
})
/** Made by an operator at the provider. */
const made = (differently: Partial<Incoming> = {}): Incoming => bought({ isFromCheckout: false, ...differently })
const paid = (differently: Partial<Standing> = {}): Standing => ({
  providerSubscriptionId: 'sub_1',
  isForeign: false,
  status: 'active',
  hasAccess: true,
  held: PRO,
  ...differently,
})
const GRANT = paid({ providerSubscriptionId: null })
const UNPAID = paid({ status: 'pending', hasAccess: false })
/** Its days of grace are over. */
const OVERDUE = paid({ status: 'past_due', hasAccess: false })
const PAUSED = paid({ status: 'paused', hasAccess: false })

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

    ['replaces a paused one', PAUSED, bought(), 'replace'],
    ['replaces a paused one although it gives no access any more', PAUSED, bought({ hasAccess: false }), 'replace'],
    ['upgrades a paused one', PAUSED, bought({ upgradeFrom: 'sub_1' }), 'upgrade'],
    ['replaces an unpaid one', paid({ status: 'unpaid', hasAccess: false }), bought({ held: PRO }), 'replace'],
    ['replaces one after its days of grace', OVERDUE, bought(), 'replace'],
    ['replaces one that is over', paid({ hasAccess: false }), bought(), 'replace'],

    ['stays beside a paid one if an operator made it', paid(), made(), 'beside'],
    ['stays beside one in a trial if an operator made it', paid({ status: 'trialing' }), made(), 'beside'],
    ['stays beside one in its days of grace if an operator made it', paid({ status: 'past_due' }), made(), 'beside'],
    ['begins as a second trial if an operator made it', null, made({ isSecondTrial: true }), 'begin'],
    ['begins for a closed account if an operator made it', null, made({ isAccountOpen: false }), 'begin'],
    ['replaces a grant if an operator made it', GRANT, made({ isSecondTrial: true }), 'replace'],
    ['replaces a paused one if an operator made it', PAUSED, made(), 'replace'],
    ['replaces one after its days of grace if an operator made it', OVERDUE, made(), 'replace'],
    [
      'stays beside a paused one without access itself',
      PAUSED,
      made({ status: 'past_due', hasAccess: false }),
      'beside',
    ],
    ['stays beside a grant without access itself', GRANT, made({ status: 'past_due', hasAccess: false }), 'beside'],
    [
      'stays beside a foreign one without access itself',
      paid({ isForeign: true }),
      made({ hasAccess: false }),
      'beside',
    ],
    ['stays beside an overdue one without access itself', OVERDUE, made({ hasAccess: false }), 'beside'],
    ['waits for its payment if an operator made it', paid(), made({ status: 'pending' }), 'not-yet'],

    ['is undone beside a paid one', paid(), bought(), 'undo'],
    ['is undone beside one in a trial', paid({ status: 'trialing' }), bought(), 'undo'],
    ['is undone when neither gives access', OVERDUE, bought({ hasAccess: false }), 'undo'],
    ['is undone when it upgrades another one', paid(), bought({ upgradeFrom: 'sub_2' }), 'undo'],
    ['is undone when that one has its plan', paid({ held: VIP }), bought({ upgradeFrom: 'sub_1' }), 'undo'],
    ['is undone when that one is above it', paid({ held: VIP }), bought({ held: PRO, upgradeFrom: 'sub_1' }), 'undo'],
    ['is undone as a second trial', null, bought({ status: 'trialing', isSecondTrial: true }), 'undo'],
    ['is undone as a second trial beside a grant', GRANT, bought({ isSecondTrial: true }), 'undo'],
    ['is undone for a closed account', null, bought({ isAccountOpen: false }), 'undo'],
    ['is undone for a closed account, unpaid', null, bought({ isAccountOpen: false, status: 'pending' }), 'undo'],
    ['is undone for a closed account with a grant', GRANT, bought({ isAccountOpen: false }), 'undo'],

    ['is superseded when it had ended and another stands', paid(), bought({ isKnown: true }), 'supersede'],
    ['begins again when another stands without access', OVERDUE, bought({ isKnown: true }), 'replace'],
    ['is superseded when neither gives access', OVERDUE, bought({ isKnown: true, hasAccess: false }), 'supersede'],
    ['is superseded by a grant', GRANT, bought({ isKnown: true }), 'supersede'],
    ['is superseded also unpaid', paid(), bought({ isKnown: true, status: 'pending' }), 'supersede'],

    ['waits for its payment beside a paid one', paid(), bought({ status: 'pending' }), 'not-yet'],
    ['waits for its payment beside a grant', GRANT, bought({ status: 'pending' }), 'not-yet'],
    ['waits for its payment as an upgrade', paid(), bought({ status: 'pending', upgradeFrom: 'sub_1' }), 'not-yet'],
  ])('%s', (_what, standing, incoming, entry) => {
    expect(decideEntry(standing, incoming)).toBe(entry)
  })
})

describe('A subscription that an operator made', () => {
  test.each<[string, Standing | null, Incoming, ReturnType<typeof brokenRule>]>([
    ['breaks no rule when none stands', null, made(), null],
    ['breaks no rule beside a grant', GRANT, made(), null],
    ['breaks no rule when it had a row', paid(), made({ isKnown: true, isSecondTrial: true }), null],
    ['is reported as a second trial', null, made({ isSecondTrial: true }), 'second_trial'],
    ['is reported for a closed account', null, made({ isSecondTrial: true, isAccountOpen: false }), 'closed_account'],
    ['is reported beside a paid one', paid(), made(), 'second_subscription'],
    ['is not reported when it was bought here', paid(), bought(), null],
  ])('%s', (_what, standing, incoming, rule) => {
    expect(brokenRule(standing, incoming)).toBe(rule)
  })
})
