import { describeSupport, seedsFrom } from './describe-support.ts'
import { SECOND_SUBSCRIPTIONS } from './stories.ts'

describeSupport(seedsFrom(3_002, 11), SECOND_SUBSCRIPTIONS)
// Each stage has its own Stripe sandbox, whose events and years would otherwise pile up.
for (let first = 4_001; first <= 4_300; first += 50) describeSupport(seedsFrom(first, 50))
