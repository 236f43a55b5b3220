import { describeCharges, type Charged } from './describe-charges.ts'
import { describeWalks } from './describe-walks.ts'

describeCharges(64, (all) => process.stdout.write(`${[HEADER, ...all.map(rowOf)].join('\n')}\n`))
describeWalks([1, 2, 3, 4, 5, 6], 14)

const HEADER = `| change | seats | discount | tax | balance | currency | due now: preview | charged | credit: preview | given | next: preview | charged |
|---|---|---|---|---|---|---|---|---|---|---|---|`

function rowOf({ combination, preview, chargedNow, creditedNow, chargedNext }: Charged): string {
  const { kind, hasSeats, discount, isTaxed, balance, currency } = combination
  const cells = [
    ...[kind, hasSeats ? '3' : '–', discount, isTaxed ? `${preview.nextPayment?.taxCents ?? preview.taxCents}` : '–'],
    ...[balance, currency, preview.dueNowCents, chargedNow, preview.creditCents, creditedNow],
    ...[preview.nextPaymentCents, chargedNext],
  ]
  return `| ${cells.join(' | ')} |`
}
