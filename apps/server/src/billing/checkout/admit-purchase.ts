import type { CallersAccount } from '../../accounts/index.ts'
import type { Caller } from '../../platform/caller.ts'
import type { RequestInfo } from '../../platform/http/request-info.ts'
import type { Scope } from '../../platform/scope.ts'
import type { BillingDeps, PurchaseRequest } from '../billing-scope.ts'
import type { SubscribeInput } from '../billing.schemas.ts'
import { CheckoutDenied } from '../checkout.errors.ts'
import type { PurchaseInput } from '../discount.schemas.ts'

/** The context of a procedure about an account's billing. */
export interface BuyersContext extends Scope {
  readonly caller: Caller
  readonly request: Pick<RequestInfo, 'ip' | 'userAgent'>
  readonly account: CallersAccount
}

/**
 * Creates what wraps each procedure with which a customer buys a plan: it asks the configuration first. So no time of the
 * provider's budget is used up, and nothing is locked.
 *
 * @throws {CheckoutDenied}
 * @throws {HookFailed}
 */
export function createAdmission({ beforeCheckout }: Pick<BillingDeps, 'beforeCheckout'>) {
  return <C extends BuyersContext, Input extends SubscribeInput & Pick<PurchaseInput, 'promotionCode'>, Bought>(
    action: PurchaseRequest['action'],
    buy: (ctx: C, input: Input) => Promise<Bought>,
  ) =>
    async ({ ctx, input }: { ctx: C; input: Input }): Promise<Bought> => {
      if (!beforeCheckout) return buy(ctx, input)
      const { planCode, billingPeriod, currency, promotionCode } = input
      const { account, caller, request } = ctx
      const { ip, userAgent } = request
      const wish = { action, planCode, billingPeriod, currency, promotionCode }
      const denied = await beforeCheckout(ctx, { ...wish, account, user: caller.user, ip, userAgent })
      if (denied !== null) throw new CheckoutDenied(denied)
      return buy(ctx, input)
    }
}
