/** A machine type: its size, and the IPv4 addresses that one of its network interfaces holds. */
export interface StandInType {
  readonly cpu: string;
  readonly memory: string;
  readonly addresses: number;
}

/**
 * Those that programs here use: https://aws.amazon.com/ec2/instance-types/ and, for the addresses,
 * docs.aws.amazon.com/AWSEC2/latest/UserGuide/AvailableIpPerENI.html.
 */
export const TYPES: Readonly<Record<string, StandInType>> = {
  "m7i.large": { cpu: "2", memory: "8Gi", addresses: 10 },
  "m7i.xlarge": { cpu: "4", memory: "16Gi", addresses: 15 },
  "m7i.2xlarge": { cpu: "8", memory: "32Gi", addresses: 15 },
  "m7g.large": { cpu: "2", memory: "8Gi", addresses: 10 },
  "m7g.xlarge": { cpu: "4", memory: "16Gi", addresses: 15 },
};
