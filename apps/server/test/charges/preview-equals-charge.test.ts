import { describeCharges } from './describe-charges.ts'

describeCharges(8)
