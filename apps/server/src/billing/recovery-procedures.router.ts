import { publicProcedure } from '../platform/rpc/trpc.ts'
import type { Scope } from '../platform/scope.ts'
import type { CallingScope } from './billing-scope.ts'
import { PayLinkInput, PayLinkView, PayResultInput, PayResultView } from './recovery.schemas.ts'
import { finishPayPage } from './recovery/finish-pay-page.ts'
import { openPayLink } from './recovery/open-pay-link.ts'

/** The procedures for people without a login who pay a failed renewal. */
export const createRecoveryProcedures = ({ callingScopeOf }: { callingScopeOf: (context: Scope) => CallingScope }) => ({
  /** For the page behind the links of mails, which needs no login. */
  payLink: publicProcedure
    .meta({ limit: 'reads', guard: 'public' })
    .input(PayLinkInput)
    .output(PayLinkView)
    .mutation(({ ctx, input }) => openPayLink(callingScopeOf(ctx), input)),

  /** For the page that customers come back to from a card page that such a link has opened. */
  payResult: publicProcedure
    .meta({ limit: 'reads', guard: 'public' })
    .input(PayResultInput)
    .output(PayResultView)
    .mutation(({ ctx, input }) => finishPayPage(callingScopeOf(ctx), input)),
})
