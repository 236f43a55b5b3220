import { Initial0001 } from './0001-initial.ts'
import { AppendOnlyAudit0002 } from './0002-append-only-audit.ts'
import { AccountsAndLimits0003 } from './0003-accounts-and-limits.ts'
import { PlanChanges0004 } from './0004-plan-changes.ts'
import { AdminListsAndRefunds0005 } from './0005-admin-lists-and-refunds.ts'
import { OAuthStates0006 } from './0006-oauth-states.ts'
import { SweepAndReconciler0007 } from './0007-sweep-and-reconciler.ts'
import { AdminFiguresAndSearch0008 } from './0008-admin-figures-and-search.ts'
import { OpenSession0009 } from './0009-open-session.ts'
import { SessionWithoutLastUse0010 } from './0010-session-without-last-use.ts'
import { AuditTriggersAlways0011 } from './0011-audit-triggers-always.ts'
import { ProviderAccounts0012 } from './0012-provider-accounts.ts'
import { OperatorsFindings0013 } from './0013-operators-findings.ts'
import { SubscriptionItems0014 } from './0014-subscription-items.ts'
import { EndsPausesIntervals0015 } from './0015-ends-pauses-intervals.ts'
import { RecheckAndRetention0016 } from './0016-recheck-and-retention.ts'
import { WideMoney0017 } from './0017-wide-money.ts'
import { Accounts0018 } from './0018-accounts.ts'
import { AccountsPay0019 } from './0019-accounts-pay.ts'
import { Seats0021 } from './0021-seats.ts'
import { CustomersPages0023 } from './0023-customers-pages.ts'
import { MoneyLists0025 } from './0025-money-lists.ts'

/** All migrations, oldest first. A list, because a folder would differ between the sources and the build. */
export const migrations = [
  { name: '0001-initial', class: Initial0001 },
  { name: '0002-append-only-audit', class: AppendOnlyAudit0002 },
  { name: '0003-accounts-and-limits', class: AccountsAndLimits0003 },
  { name: '0004-plan-changes', class: PlanChanges0004 },
  { name: '0005-admin-lists-and-refunds', class: AdminListsAndRefunds0005 },
  { name: '0006-oauth-states', class: OAuthStates0006 },
  { name: '0007-sweep-and-reconciler', class: SweepAndReconciler0007 },
  { name: '0008-admin-figures-and-search', class: AdminFiguresAndSearch0008 },
  { name: '0009-open-session', class: OpenSession0009 },
  { name: '0010-session-without-last-use', class: SessionWithoutLastUse0010 },
  { name: '0011-audit-triggers-always', class: AuditTriggersAlways0011 },
  { name: '0012-provider-accounts', class: ProviderAccounts0012 },
  { name: '0013-operators-findings', class: OperatorsFindings0013 },
  { name: '0014-subscription-items', class: SubscriptionItems0014 },
  { name: '0015-ends-pauses-intervals', class: EndsPausesIntervals0015 },
  { name: '0016-recheck-and-retention', class: RecheckAndRetention0016 },
  { name: '0017-wide-money', class: WideMoney0017 },
  { name: '0018-accounts', class: Accounts0018 },
  { name: '0019-accounts-pay', class: AccountsPay0019 },
  { name: '0021-seats', class: Seats0021 },
  { name: '0023-customers-pages', class: CustomersPages0023 },
  { name: '0025-money-lists', class: MoneyLists0025 },
]
