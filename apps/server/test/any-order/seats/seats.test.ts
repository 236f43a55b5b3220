import { describeSeats } from './describe-seats.ts'

// Each of these fails if the quantity is not set to the members any more. So do a few in ten of the long test's.
describeSeats([1_005, 1_012])
