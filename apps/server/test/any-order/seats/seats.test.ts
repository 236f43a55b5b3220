import { describeSeats } from './describe-seats.ts'

describeSeats([1, 2, 3, 4])
