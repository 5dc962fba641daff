/**
 * Cases 1 to 54 of the checklist that a real API server can show: docs/drain-cases.md. Each file puts its tests on the
 * same two labs: starting one costs more than most of the cases.
 */
import "./cordon";
import "./classes";
import "./eviction";
import "./unready";
import "./waiting";
