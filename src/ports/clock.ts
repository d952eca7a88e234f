/** Time, passed in so that decisions can be tested. */
export interface Clock {
  now(): Date;
}
