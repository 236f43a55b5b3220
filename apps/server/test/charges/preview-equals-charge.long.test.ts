import { describeCharges, type Charged } from './describe-charges.ts'

describeCharges(64, (all) => process.stdout.write(`${[HEADER, ...all.map(rowOf)].join('\n')}\n`))

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
