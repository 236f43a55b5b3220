import { describeCharges } from './describe-charges.ts'

// The long tests run 64.
describeCharges(4)
