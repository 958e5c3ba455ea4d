/** What of a record's agency goes into a statement. */
export interface IntakeAgency {
  id: number;
  /** Lower-case domain name. */
  domain: string;
}
