import type { EntityManager } from '@mikro-orm/postgresql'
import type { AccountsDeps } from '../accounts/index.ts'
import { createIntrospection, createRevocationFeed, findUser, readUser, type AuthDeps } from '../auth/index.ts'
import {
  consume,
  createClosing,
  createUsageCounting,
  readEntitlements,
  returnReservation,
  settleReservation,
  type BillingDeps,
} from '../billing/index.ts'
import { createEventFeed, type EventsDeps } from '../events/index.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import { router, serviceProcedure, type ServiceContext } from '../platform/rpc/trpc.ts'
import { scopeWith } from '../platform/scope.ts'
import { listAccountMembers } from './facts/list-account-members.ts'
import { changeOwnData, readOwnData } from './facts/own-data.ts'
import { readAccountFacts } from './facts/read-account-facts.ts'
import { limitWaiting } from './keys/limit-waiting.ts'
import {
  AccountFacts,
  AccountOwnData,
  ByEmail,
  ById,
  ByIdInPages,
  ChangeAccountDataInput,
  ChangeUserDataInput,
  ConsumeInput,
  EntitlementsView,
  EventPage,
  GiveBackInput,
  Introspection,
  IntrospectInput,
  ListEventsInput,
  MemberPage,
  Revocations,
  RevocationsInput,
  SettleInput,
  UsageView,
  UserOwnData,
  UserPage,
  UserView,
} from './service.schemas.ts'

interface ServiceDeps {
  readonly auth: Pick<AuthDeps, 'tokens' | 'settings' | 'ownFields'>
  readonly accounts: Pick<AccountsDeps, 'ownFields'>
  readonly billing: BillingDeps
  readonly events: EventsDeps
  readonly clock: Clock
  readonly log: Log
  /** Provides the connections only. */
  readonly database: { readonly em: EntityManager }
}

/**
 * What other programs may ask for with a service key. It is served as REST only, below `/v1`.
 *
 * @param isStopping whether the process is about to stop. Then no call waits for something to happen.
 */
export function createServiceRouter(
  { auth, accounts, billing, events, clock, database, log }: ServiceDeps,
  isStopping: () => boolean = () => false,
) {
  const scopeOf = scopeWith({ billing })
  const listEvents = createEventFeed(database.em.fork(), { events, isStopping, log })
  const readRevocations = createRevocationFeed(database.em.fork(), {
    ...{ lifetime: auth.settings.accessTokenTtl, isStopping },
  })
  const waitFor = limitWaiting()
  const introspect = createIntrospection(database.em.fork(), { clock, tokens: auth.tokens })
  const closing = createClosing()
  const countUse = createUsageCounting(database.em.fork(), { clock, ...billing })

  return router({
    service: router({
      introspect: serviceProcedure('introspect')
        .input(IntrospectInput)
        .output(Introspection)
        .mutation(({ input }) => introspect(input.token)),

      revocations: serviceProcedure('introspect')
        .input(RevocationsInput)
        .output(Revocations)
        .query(({ ctx, input, signal }) => waitFor(waiting(ctx, input), () => readRevocations(input, signal))),

      accounts: router({
        get: serviceProcedure('accounts:read')
          .input(ById)
          .output(AccountFacts)
          .query(({ ctx, input }) => readAccountFacts(ctx, input)),

        data: serviceProcedure('accounts:read')
          .input(ById)
          .output(AccountOwnData)
          .query(({ ctx, input }) => readOwnData(ctx.em, { of: 'account', id: input.id })),

        changeData: serviceProcedure('admin')
          .input(ChangeAccountDataInput)
          .output(AccountOwnData)
          .mutation(({ ctx, input: { id, ...changes } }) =>
            changeOwnData(ctx, ...byKey(ctx, { of: 'account', id, fields: accounts.ownFields }), changes),
          ),

        members: serviceProcedure('accounts:read')
          .input(ByIdInPages)
          .output(MemberPage)
          .query(({ ctx, input }) => listAccountMembers(ctx, input)),

        entitlements: serviceProcedure('entitlements:read')
          .input(ById)
          .output(EntitlementsView)
          .query(({ ctx, input }) => readEntitlements(scopeOf(ctx), { accountId: input.id })),
      }),

      events: router({
        list: serviceProcedure('events:read')
          .input(ListEventsInput)
          .output(EventPage)
          .query(({ ctx, input, signal }) => waitFor(waiting(ctx, input), () => listEvents(input, signal))),
      }),

      usage: router({
        consume: serviceProcedure('usage:write')
          .input(ConsumeInput)
          .output(UsageView)
          .mutation(({ ctx, input }) => consume(scopeOf(ctx), input, countUse)),

        settle: serviceProcedure('usage:write')
          .input(SettleInput)
          .output(UsageView)
          .mutation(({ ctx, input }) => settleReservation(scopeOf(ctx), input, closing)),

        giveBack: serviceProcedure('usage:write')
          .input(GiveBackInput)
          .output(UsageView)
          .mutation(({ ctx, input }) => returnReservation(scopeOf(ctx), input, closing)),
      }),

      users: router({
        get: serviceProcedure('users:read')
          .input(ById)
          .output(UserView)
          .query(({ ctx, input }) => readUser(ctx, input)),

        data: serviceProcedure('users:read')
          .input(ById)
          .output(UserOwnData)
          .query(({ ctx, input }) => readOwnData(ctx.em, { of: 'user', id: input.id })),

        changeData: serviceProcedure('admin')
          .input(ChangeUserDataInput)
          .output(UserOwnData)
          .mutation(({ ctx, input: { id, ...changes } }) =>
            changeOwnData(ctx, ...byKey(ctx, { of: 'user', id, fields: auth.ownFields }), changes),
          ),

        list: serviceProcedure('users:read')
          .input(ByEmail)
          .output(UserPage)
          .query(async ({ ctx, input }) => {
            const user = await findUser(ctx, input)
            return { items: user ? [user] : [], nextCursor: null }
          }),
      }),
    }),
  })
}

const waiting = ({ service }: ServiceContext, { wait }: { wait: number }) => ({ keyId: service.keyId, wait })

/** A change by a program, as the audit log names it: no user makes it, and the key is part of what is logged. */
function byKey<const Target extends object>({ request, service }: ServiceContext, target: Target) {
  const actor = { actorId: null, requestId: request.id, ip: request.ip }
  return [actor, { ...target, by: { serviceKeyId: service.keyId } }] as const
}
