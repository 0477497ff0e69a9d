"""The closed lists and patterns of the texts that may stay in a stored image.

A pattern such as "capital letters and blanks" would let a name through that stands in the wrong
element. So a text stays only if the standard or a maker of scanners is known to write it, or if
it has a form with too few letters in a row for a name. What is not recognised is lost, which
costs a label and no measurement.

Lists without a source below are the defined terms and enumerated values of PS3.3 C.7.6.3,
C.8.2.1, C.8.15.2 and C.8.15.3. Terms of makers are marked [own]: they were seen in headers and
conformance statements, nobody promises that they are all.
"""

import re


def _terms(words: str, *phrases: str) -> frozenset[str]:
    return frozenset((*words.split(), *phrases))


STANDARD_TERMS = _terms(
    "CT ORIGINAL DERIVED PRIMARY SECONDARY AXIAL LOCALIZER HELIX HELICAL SPIRAL SEQUENCE "
    "STATIONARY CONSTANT_ANGLE VOLUME MPR MIP MINIP NONE HFP HFS HFDR HFDL FFDR FFDL FFP FFS "
    "MONOCHROME1 MONOCHROME2 RGB YES NO CW CC HU US R L U B LINEAR LINEAR_EXACT SIGMOID "
    "IDENTITY INVERSE ISO_10918_1 ISO_14495_1 ISO_15444_1 FILTER_BACK_PROJ ITERATIVE IODINE "
    "GADOLINIUM BARIUM XENON PRODUCT RESEARCH SERVICE MIXED DISTORTED SAMPLED",
    "CARBON DIOXIDE",
)
"""Terms the standard defines for the attributes below.

They say nothing about a person even when a patient happens to be called like one of them.
"""

MANUFACTURERS = frozenset(
    [
        *("AGFA", "CANON", "CANON MEDICAL SYSTEMS", "CANON_MEC", "CARESTREAM", "FUJIFILM"),
        *("GE", "GE HEALTHCARE", "GE MEDICAL SYSTEMS", "HITACHI", "HITACHI MEDICAL CORPORATION"),
        *("IMATRON", "MEDTRONIC", "NEUSOFT", "NEUSOFT MEDICAL SYSTEMS", "NEUROLOGICA", "PHILIPS"),
        *("PHILIPS HEALTHCARE", "PHILIPS MEDICAL SYSTEMS", "PICKER INTERNATIONAL, INC."),
        *("SAMSUNG", "SAMSUNG ELECTRONICS", "SHIMADZU", "SIEMENS", "SIEMENS HEALTHCARE"),
        *("SIEMENS HEALTHCARE GMBH", "SIEMENS HEALTHINEERS", "SINOVISION", "TOSHIBA"),
        *("TOSHIBA_MEC", "UIH", "UNITED IMAGING"),
    ]
)
"""Makers of CT scanners; another value of Manufacturer is emptied [own]."""

BODY_PARTS = _terms(
    "ABDOMEN ABDOMENPELVIS ABDOMEN_PELVIS BODY BRAIN CERVIX CHEST CHESTABDOMEN CHESTABDPELVIS "
    "COCCYX CSPINE CTSPINE HEAD HEADNECK HIP LSPINE LSSPINE LUMBAR NECK NECKCHEST "
    "NECKCHESTABDOMEN NECKCHESTABDPELV PELVIS SACRUM SKULL SPINE SSPINE THORAX THORACIC TLSPINE "
    "TSPINE TRUNK WHOLEBODY WSPINE "
    "ANKLE ARM CALF ELBOW EXTREMITY FACE FEMUR FINGER FOOT FOREARM HAND HUMERUS JAW KNEE LEG "
    "ORBIT SHOULDER THIGH TOE UPPERARM WRIST",
)
"""Terms of PS3.16 Annex L and their usual spellings for trunk, spine, head and limbs.

Head and limbs stay so that the case they are filed under can be told to be the wrong one.
"""

IMAGE_TYPES = _terms(
    "ORIGINAL DERIVED PRIMARY SECONDARY MIXED AXIAL LOCALIZER VOLUME ANGIO FLUOROSCOPY "
    "PERFUSION DENSITY CARDIAC CARDIAC_GATED CARDIAC_CTA CARDRESP_GATED RESP_GATED DYNAMIC "
    "STATIC CINE ATTENUATION REFERENCE CALIBRATION WHOLE_BODY MULTIENERGY SPECTRAL VMI "
    "VIRTUAL_MONO NONE ADDITION AVERAGE ADD SUBTRACT SUBTRACTION DIVISION MASKED MAXIMUM MEAN "
    "MEDIAN MINIMUM MPR MIP MINIP MAX_IP MIN_IP AVE_IP CURVED_MPR CPR VOLUME_RENDER "
    "SURFACE_RENDER VRT SSD REFORMATTED RESAMPLED PROJECTION 3D OTHER HELIX HELICAL SPIRAL "
    "SEQUENCE SEQUENCED CENTRAL FILTERED ENERGY_PROP_WT POST_CONTRAST BONE_MASK QUANTITY STD "
    "OBLIQUE COR SAG TRA CORONAL SAGITTAL TRANSVERSAL SCOUT TOPOGRAM",
    "AVERAGE IP",
    "THICK MPR",
    "DUAL ENERGY",
)
"""Image Type and Frame Type. [own] beyond the standard's."""

IMAGE_TYPE = re.compile(
    r"CT_SOM[0-9]{1,2}( (SPI|SEQ|TOP|SPOT|DUAL|MULTI|VDF|CARE|ADD|4D|MIX|MONO|DE))*"
    r"|(M|MONO|KEV|E)?_?[0-9]{1,3} ?(KV|KEV)?"
)
"""Siemens names its software line and scan type, spectral scanners the energy in keV [own]."""

SCAN_OPTIONS = _terms(
    "HELIX HELICAL AXIAL SPIRAL SEQUENCE SEQUENCED SCOUT SURVIEW CINE VOLUME STATIC DYNAMIC "
    "TILT FAST NONE BIPLANE GATED PERFUSION AXIAL_CT HELICAL_CT HELICAL_SCAN NORMAL_CT SCANO "
    "DUAL_SCANO VOLUME_CT CINE_CT CONSTANT_ANGLE STATIONARY ECG_GATED PROSPECTIVE "
    "RETROSPECTIVE FFS",
    "AXIAL MODE",
    "HELICAL MODE",
    "SCOUT MODE",
    "CINE MODE",
    "DYNAMIC MODE",
    "SMART SCAN",
)
"""Scan Options; the standard defines none [own]."""

FILTERS = _terms(
    "NONE WEDGE BUTTERFLY MULTIPLE FLAT SHAPED STRIP BOWTIE HEAD BODY LARGE MEDIUM SMALL "
    "WEDGE_1 WEDGE_2 WEDGE_3 AIR A B C 0 1 2 3 4 5",
    "HEAD FILTER",
    "BODY FILTER",
    "LARGE FILTER",
    "MEDIUM FILTER",
    "SMALL FILTER",
    "LARGE BOWTIE FIL",
)
"""Filter Type: C.8.15.3.9 and what GE, Siemens, Canon and Philips write [own]."""

RESCALE_TYPES = _terms(
    "HU HU_MOD US OD Z_EFF ED EDW PCT MGML",
)

EXPOSURE_MODULATIONS = _terms(
    "NONE YES NO ON OFF FIXED FIXED_MA AUTO_MA SMART_MA ANGULAR LONGITUDINAL XY Z XYZ XY_EC "
    "Z_EC XYZ_EC ANGULAR_EC DOSERIGHT DOSE_RIGHT D_DOM Z_DOM 3D_DOM ZDOM DDOM SURE_EXPOSURE "
    "ECG ORGAN MULTIPLE",
)
"""Exposure Modulation Type; the standard defines NONE only [own]."""

ACQUISITION_TYPES = _terms(
    "SEQUENCED SPIRAL CONSTANT_ANGLE STATIONARY FREE",
)
ROTATIONS = _terms(
    "CW CC",
)
YES_OR_NO = _terms(
    "YES NO",
)
INGREDIENTS = _terms(
    "IODINE GADOLINIUM BARIUM XENON",
    "CARBON DIOXIDE",
)
SIDES = _terms(
    "R L U B",
)
PATIENT_POSITIONS = _terms(
    "HFP HFS HFDR HFDL FFDR FFDL FFP FFS LFP LFS RFP RFS AFDR AFDL PFDR PFDL",
)
QUALIFICATIONS = _terms(
    "PRODUCT RESEARCH SERVICE",
)
PIXEL_PRESENTATIONS = _terms(
    "COLOR MONOCHROME MIXED TRUE_COLOR COLOR_RANGE",
)
VOLUMETRIC_PROPERTIES = _terms(
    "VOLUME SAMPLED DISTORTED MIXED",
)
VOLUME_CALCULATIONS = _terms(
    "MAX_IP MIN_IP VOLUME_RENDER SURFACE_RENDER MPR CURVED_MPR NONE MIXED",
)
VOI_LUT_FUNCTIONS = _terms(
    "LINEAR LINEAR_EXACT SIGMOID",
)
LOSSY = _terms(
    "00 01",
)
LUT_SHAPES = _terms(
    "IDENTITY INVERSE LIN",
    "LIN OD",
)
PHOTOMETRIC_INTERPRETATIONS = _terms(
    "MONOCHROME1 MONOCHROME2 RGB YBR_FULL YBR_FULL_422 YBR_PARTIAL_420 YBR_PARTIAL_422 "
    "YBR_ICT YBR_RCT",
    "PALETTE COLOR",
)
LOSSY_METHODS = _terms(
    "ISO_10918_1 ISO_14495_1 ISO_15444_1 ISO_15444_15 ISO_13818_2 ISO_14496_10 ISO_23008_2",
)
RECONSTRUCTIONS = _terms(
    "FILTER_BACK_PROJ ITERATIVE",
)
KERNEL_GROUPS = _terms(
    "BRAIN SOFT_TISSUE LUNG BONE CONSTANT_ANGLE",
)
MODALITIES = _terms("CT")

KERNELS = _terms(
    "STANDARD STD STD+ SOFT DETAIL BONE BONEPLUS BONE+ LUNG EDGE EDGE+ CHEST CHST CHST+ ULTRA "
    "HD SMOOTH SHARP BRAIN HEAD BODY SPINE SMART HDSTANDARD HDDETAIL HDBONE HDLUNG HDEDGE "
    "HDSOFT A B C D E F L U V EA EB EC ED UA UB UC YA YB YC YD YE CA CB CC XA XB XCA XCB XCC "
    "XRES IMR IDOSE NONE",
    "BONE PLUS",
    "HD STANDARD",
    "HD DETAIL",
    "HD BONE",
    "HD LUNG",
    "STANDARD (B)",
    "DETAIL (D)",
)
"""Convolution Kernel of GE and Philips [own]."""

KERNEL = re.compile(
    r"[A-Z][a-z]?[0-9]{2,3}[a-z]{0,2}"  # Siemens B30f, Br40d, Hr38h, Qr64; Neusoft F20
    r"|FC[0-9]{2}[A-Z]?(-[A-Z])?|F[LU][0-9]{2}"  # Toshiba and Canon FC18-H
    r"|[0-9]{1,3}"  # strength of an iterative reconstruction; Hitachi
    r"|[BHLCS]_(V?SOFT|V?SHARP|STD)(_[A-D]{1,2})?"  # United Imaging B_SOFT_B
    r"|IMR[0-9]|IDOSE_?[0-9]|ASIR[0-9]{0,3}|SS[0-9]{2}",
    re.IGNORECASE,
)
"""Kernels that are built from letters and digits: at most four letters in a row that are not
spelled out here [own]."""

SHORT_NUMBER = re.compile(r"[0-9]{1,4}")
OFFSET = re.compile(r"[+-](0[0-9]|1[0-4])(00|15|30|45)")

DUMMY_TEXT = "WITHHELD"
"""Value of a type 1 text that has to go."""
