import type { PgBoss } from 'pg-boss'
import {
  createInvitationLinks,
  isInvited,
  leaveAllOrganizations,
  type AccountsDeps,
  type SeatSource,
} from './accounts/index.ts'
import {
  createPasswords,
  createRefreshTokenRotation,
  createSecretSource,
  createTokens,
  type AuthDeps,
  type SignUp,
} from './auth/index.ts'
import {
  createPayLinks,
  createPaymobGateway,
  createSeatSource,
  createStripeGateway,
  type BillingDeps,
  type PaymentGateway,
  type PurchaseRequest,
} from './billing/index.ts'
import { brandOf, senderOf } from './brand.ts'
import type { Config } from './config.ts'
import { entities } from './entities.ts'
import { createEventsDeps } from './events-deps.ts'
import { createWebhooks, type EventsDeps, type WebhooksDeps } from './events/index.ts'
import {
  createHook,
  createOwnRouter,
  loadExtension,
  ownQueuesOf,
  type Extension,
  type OwnQueues,
} from './extension/index.ts'
import { createIdentityProviders } from './identity-providers.ts'
import { createMailer, en, type MailDeps } from './mail/index.ts'
import { migrations } from './migrations/index.ts'
import { paymobAddresses, paymobKeys } from './paymob-settings.ts'
import { createBillingClock } from './platform/billing-clock.ts'
import type { Brand } from './platform/brand/brand.ts'
import { systemClock, type Clock } from './platform/clock.ts'
import { openDatabase, type Database } from './platform/database/database.ts'
import { createJobs, type CheckedJobs } from './platform/jobs/jobs.ts'
import { createRateLimits, noRateLimits, type RateLimits } from './platform/limits/rate-limits.ts'
import { childOnDemand, type Log } from './platform/log.ts'
import { createMetrics, type Metrics, type Registry } from './platform/metrics.ts'
import type { Scope } from './platform/scope.ts'
import { findProblem } from './readiness.ts'
import { createSessionCheck } from './session-check.ts'

/**
 * Which shortcuts of the hot path may be used (decision 0015). Each has a plain path behind it that gives the same
 * results. Not a setting: only tests and measurements turn one off.
 */
export interface Shortcuts {
  /** Rows and their jobs are added with one statement. */
  readonly joinedJobs: boolean
  /** Plain tRPC calls are answered without tRPC's own adapter. */
  readonly plainCalls: boolean
}

const ALL_SHORTCUTS: Shortcuts = { joinedJobs: true, plainCalls: true }

/** Everything that lives as long as the process does. */
export interface Deps {
  readonly config: Config
  readonly log: Log
  readonly clock: Clock
  readonly database: Database
  readonly boss: PgBoss
  readonly jobs: CheckedJobs
  readonly shortcuts: Shortcuts
  readonly auth: AuthDeps
  readonly accounts: AccountsDeps
  readonly billing: BillingDeps
  readonly events: EventsDeps
  readonly webhooks: WebhooksDeps
  readonly mail: MailDeps
  /** What the configuration of this server adds, the queues of its jobs, and its procedures. */
  readonly extension: Extension & { readonly queues: OwnQueues; readonly router: ReturnType<typeof createOwnRouter> }
  readonly brand: Brand
  readonly metrics: Metrics & { registry: Registry }
  /**
   * Checks whether this process can serve: the database answers and keeps sessions, and has the tables of this version
   * and these queues.
   *
   * @returns a sentence about what is wrong; null if nothing is.
   */
  findProblem(queues: readonly { name: string }[]): Promise<string | null>
  /** @throws {TransactionPooling} */
  checkSessions(): Promise<void>
  /** Closes what was opened. The caller stops the job queue first. */
  close(): Promise<void>
}

/** A scope with every slice's objects, for jobs. A request's procedures get those of their own slice. */
export type FullScope = Scope & Pick<Deps, 'auth' | 'accounts' | 'billing' | 'webhooks' | 'mail'>

/** What only tests and measurements replace. */
interface Replacements {
  clock?: Clock
  shortcuts?: Shortcuts
  seats?: SeatSource
  passwords?: AuthDeps['passwords']
}

export async function createDeps(
  config: Config,
  log: Log,
  boss: PgBoss,
  { clock = systemClock, shortcuts = ALL_SHORTCUTS, seats, passwords }: Replacements = {},
): Promise<Deps> {
  const extension = loadExtension(config.CONFIG_FILE)
  const database = await openDatabase({ url: config.DATABASE_URL, entities, migrations })
  const checkSessions = createSessionCheck(database)
  const auth = {
    ...createAuthDeps(config, database, passwords ?? (await createPasswords())),
    ownFields: extension.ownData.users,
    beforeSignUp: createHook<SignUp>(extension.config, 'beforeSignUp'),
  }
  const { tokens, limits } = auth
  const billing = {
    ...createBillingDeps(config, clock),
    beforeCheckout: createHook<PurchaseRequest>(extension.config, 'beforeCheckout'),
  }
  const accounts = {
    ...{ tokens, limits, ownFields: extension.ownData.accounts },
    ...{ seats: seats ?? createSeatSource(billing), settings: { webUrl: config.WEB_URL } },
  }
  const ownQueues = ownQueuesOf(extension.config)
  const jobs = createJobs(boss, { log, joins: shortcuts.joinedJobs })
  const events = createEventsDeps({ config, database, jobs, clock, log, billing })
  const webhooks = createWebhooks({
    isProduction: config.NODE_ENV === 'production',
    networks: config.WEBHOOK_NETWORKS,
  })
  const brand = brandOf(config)
  const mailer = createMailer({
    smtpUrl: config.SMTP_URL,
    from: senderOf(config),
    replyTo: config.SUPPORT_EMAIL,
  })

  return {
    config,
    log,
    clock,
    database,
    boss,
    shortcuts,
    jobs,
    auth,
    accounts,
    billing,
    events,
    webhooks,
    extension: { ...extension, queues: ownQueues, router: createOwnRouter(extension, { billing, queues: ownQueues }) },
    brand,
    mail: {
      mailer,
      secrets: { ...createSecretSource(auth), ...createInvitationLinks(accounts), ...createPayLinks(billing) },
      site: { webUrl: config.WEB_URL, brand, texts: en, ownMails: extension.mails },
      messageIdDomain: new URL(config.API_URL).hostname,
    },
    metrics: createMetrics(),
    checkSessions,
    findProblem: (queues) => findProblem(database, boss, { queues, extension, checkSessions }),
    async close() {
      mailer.close()
      webhooks.poster.close()
      await events.bell.close()
      await database.close()
    },
  }
}

/** Opens the scope of one request or one job. */
export function openScope(deps: Deps, about: Record<string, string>): FullScope {
  const { jobs, clock, auth, accounts, billing, webhooks, mail } = deps
  const log = childOnDemand(deps.log, about)
  return { em: deps.database.em.fork(), jobs, clock, log, auth, accounts, billing, webhooks, mail }
}

function createLimits(config: Config, database: Database): RateLimits {
  if (!config.RATE_LIMIT_ENABLED) return noRateLimits
  return createRateLimits(database.em.fork(), {
    writes: config.RATE_LIMIT,
    reads: config.RATE_LIMIT_READS,
    service: config.RATE_LIMIT_SERVICE,
  })
}

function createAuthDeps(
  config: Config,
  database: Database,
  passwords: AuthDeps['passwords'],
): Omit<AuthDeps, 'ownFields' | 'beforeSignUp'> {
  return {
    limits: createLimits(config, database),
    rotateToken: createRefreshTokenRotation(database.em.fork()),
    passwords,
    providers: createIdentityProviders(config),
    memberships: { leaveAll: leaveAllOrganizations, isInvited },
    tokens: createTokens({
      accessKeys: config.ACCESS_TOKEN_PRIVATE_KEY,
      accessSecrets: config.ACCESS_TOKEN_SECRET,
      refreshSecrets: config.REFRESH_TOKEN_SECRET,
      validationSecrets: config.VALIDATION_TOKEN_SECRET,
      algorithm: config.JWT_ALGORITHM,
      issuer: config.JWT_ISSUER,
      audience: config.JWT_AUDIENCE,
    }),
    settings: {
      accessTokenTtl: config.ACCESS_TOKEN_TTL,
      refreshTokenTtl: config.REFRESH_TOKEN_TTL,
      sessionMaxAge: config.SESSION_MAX_AGE,
      refreshReuseLeeway: config.REFRESH_REUSE_LEEWAY,
      verificationTokenTtl: config.VERIFICATION_TOKEN_TTL,
      resetTokenTtl: config.RESET_TOKEN_TTL,
      loginCodeTtl: config.LOGIN_CODE_TTL,
      sessionPolicy: config.SESSION_POLICY,
      webUrl: config.WEB_URL,
      apiUrl: config.API_URL,
      appRedirectUris: config.APP_REDIRECT_URIS,
      cookie: {
        sameSite: config.COOKIE_SAME_SITE,
        secure: config.NODE_ENV === 'production' || config.COOKIE_SAME_SITE === 'none',
        domain: config.COOKIE_DOMAIN,
      },
    },
  }
}

function createBillingDeps(config: Config, clock: Clock): Omit<BillingDeps, 'beforeCheckout'> {
  const provider = createStripeGateway({
    secretKey: config.STRIPE_SECRET_KEY,
    webhookSecrets: config.STRIPE_WEBHOOK_SECRET,
    apiUrl: config.STRIPE_API_URL,
    asksForCodes: config.PROMOTION_CODES,
    collectsTax: config.TAX === 'stripe',
  })
  const time = createBillingClock(clock, config.BILLING_CLOCK_URL)
  const paymob = createPaymob(config, { clock, time })
  const gateways: PaymentGateway[] = paymob ? [provider, paymob] : [provider]
  // Asked now, so that no request has to wait for it.
  for (const gateway of gateways) void gateway.account()
  return {
    provider,
    providers: new Map(gateways.map((gateway) => [gateway.name, gateway])),
    time,
    settings: {
      pastDueGrace: config.PAST_DUE_GRACE,
      renewalLeeway: config.RENEWAL_LEEWAY,
      successUrl: config.CHECKOUT_SUCCESS_URL ?? `${config.WEB_URL}/checkout/success?session_id={CHECKOUT_SESSION_ID}`,
      cancelUrl: config.CHECKOUT_CANCEL_URL ?? `${config.WEB_URL}/checkout/canceled`,
      portalReturnUrl: `${config.WEB_URL}/subscription?from=portal`,
      cardsUrl: `${config.WEB_URL}/subscription/cards`,
      timeZones: new Map(gateways.flatMap(({ name, timeZone }) => (timeZone === null ? [] : [[name, timeZone]]))),
      dunning: config.DUNNING,
      payUrl: `${config.API_URL}/billing/pay`,
      payReturnUrl: `${config.API_URL}/billing/pay/return`,
      recheck: {
        every: config.RECHECK_EVERY,
        callsPerSecond: config.RECHECK_CALLS_PER_SECOND,
        payments: config.RECHECK_PAYMENTS,
      },
    },
  }
}

/** @returns null while Paymob is off. */
function createPaymob(
  config: Config,
  { clock, time }: { clock: Clock; time: BillingDeps['time'] },
): PaymentGateway | null {
  const keys = paymobKeys(config)
  return keys && createPaymobGateway({ ...keys, ...paymobAddresses(config), clock, now: async () => time.now() })
}
