/** What is true of EKS Auto Mode wherever it is met. */
export const AUTO_MODE = {
  is: "runs EKS Auto Mode, which makes and replaces nodes by itself, past every budget and gate",
  fix: "turn Auto Mode off (`aws eks update-cluster-config --compute-config enabled=false …`)",
  source: "https://docs.aws.amazon.com/eks/latest/userguide/auto-disable.html",
} as const;
